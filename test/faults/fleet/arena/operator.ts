import type { IssuedCertificate } from '../../../support/raw-authority.js';
import { sendRaw } from '../../../support/raw-request.js';

/** A session as the control API lists it, as far as it matters here. */
export interface ListedSession {
  readonly uid: string;
  readonly meetupId: string;
  readonly state: string;
  readonly replica: string;
  readonly peers: readonly { readonly uid: string; readonly via?: string }[];
}

interface Page {
  readonly sessions?: readonly ListedSession[];
  readonly nextPageToken?: string;
  readonly unreachableReplicas?: readonly string[];
}

/** All sessions of a fleet, and the replicas that did not tell theirs. */
export interface FleetList {
  readonly sessions: readonly ListedSession[];
  readonly unreachable: readonly string[];
}

const PAGE = 500;

/** Who steers a fleet by the control API, JSON over HTTP, through an Envoy's control port. */
export class Operator {
  readonly #ca: string;
  readonly #credential: IssuedCertificate;

  constructor(ca: string, credential: IssuedCertificate) {
    this.#ca = ca;
    this.#credential = credential;
  }

  /** All live sessions, as whichever replica tells that this Envoy asks. */
  async sessions(port: number): Promise<FleetList> {
    const sessions: ListedSession[] = [];
    const unreachable = new Set<string>();
    let token = '';
    do {
      const query = new URLSearchParams({ pageSize: String(PAGE), pageToken: token });
      const page = await this.call<Page>(port, 'GET', `/v1/sessions?${query}`);
      sessions.push(...(page.sessions ?? []));
      for (const name of page.unreachableReplicas ?? []) unreachable.add(name);
      token = page.nextPageToken ?? '';
    } while (token !== '');
    return { sessions, unreachable: [...unreachable] };
  }

  /** Makes one call. Rejects where the answer is no 200. */
  async call<T>(port: number, method: string, path: string, body?: object): Promise<T> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await sendRaw({
      ...{ port, ca: this.#ca, credential: this.#credential, method, path, upgrade: false, body: text },
      headers: ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`],
      tls: { ALPNProtocols: ['http/1.1'] },
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  }
}
