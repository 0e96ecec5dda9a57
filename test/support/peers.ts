import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { PeerConnection } from '../../peer/connection.js';
import type { State } from '../../peer/state.js';

/** Resolves once the peer is in the state. */
export function reached<K extends State['kind']>(
  peer: PeerConnection,
  kind: K,
): Promise<Extract<State, { readonly kind: K }>> {
  return new Promise((resolve) => {
    const look = (state: State): boolean => {
      if (state.kind !== kind) return false;
      resolve(state as Extract<State, { readonly kind: K }>);
      return true;
    };
    if (look(peer.state)) return;
    const undo = peer.observe({ state: (now) => look(now) && undo() });
  });
}

/** The answer that an HTTP client gets. */
export interface HttpAnswer {
  readonly status: number;
  readonly phrase: string;
  readonly headers: IncomingMessage['headers'];
  readonly raw: readonly string[];
  readonly body: Buffer;
}

export interface Ask {
  readonly method?: string;
  /** Names and values in turn, sent as they are; `Host` and, unless chunked, `Content-Length` are added. */
  readonly headers?: readonly string[];
  readonly body?: Buffer | string;
}

/** One HTTP request on a connection of its own. */
export async function ask(url: string, { method = 'GET', headers = [], body }: Ask = {}): Promise<HttpAnswer> {
  const { hostname, port, host } = new URL(url);
  const path = url.slice(url.indexOf(host) + host.length);
  const head = headers.some((name) => name.toLowerCase() === 'host') ? [...headers] : ['Host', host, ...headers];
  if (body !== undefined && !headers.includes('chunked')) head.push('Content-Length', String(Buffer.byteLength(body)));
  const outgoing = request({ hostname, port, path, method, headers: head, agent: false });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    phrase: response.statusMessage ?? '',
    headers: response.headers,
    raw: response.rawHeaders,
    body: Buffer.concat(chunks),
  };
}

/** An error of this project: its reason, its message, and the ids beside them. */
export function errorOf({ body }: HttpAnswer): { readonly reason: string } & Readonly<Record<string, unknown>> {
  return (JSON.parse(body.toString()) as { readonly error: ReturnType<typeof errorOf> }).error;
}

/** The reason in an error of this project. */
export function reasonOf(answer: HttpAnswer): string {
  return errorOf(answer).reason;
}
