import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type CredentialFiles, readCa, readCredentials } from '../../peer/credentials.js';
import { isLocalhost } from '../../proxy/transport/dial/localhost.js';
import { pemBlocks } from '../../proxy/x509/encoding/pem.js';
import type { View } from '../finding.js';
import { type Answer, ask, type Question } from './ask.js';
import { once } from './once.js';
import { saysPlainHttp } from './plain-http.js';
import { lookAtTls, type OwnCredentials, type Shown } from './tls-look.js';
import { type Failed, failureOf, late, type Way } from './way.js';

/** A port of the proxy, and who stands before it. */
export interface DoorPlan extends Way {
  readonly view: Exclude<View, 'host'>;
  /** The URL as it was given. */
  readonly url: string;
  /** The part of the path before the meetup id. */
  readonly pathPrefix: string;
  /** The name that the server's certificate must carry. */
  readonly servername: string;
  readonly files: CredentialFiles;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The reason why the HTTP proxy that the environment names cannot be used. */
  readonly viaFault: string | undefined;
  /** Another source that can tell how the policy decides. */
  readonly access: AccessSources;
}

/** The sources of the policy's answer other than an attempt at the door. */
export interface AccessSources {
  /** The control API and an operator's certificate. */
  readonly control?: { readonly server: string; readonly cert: string; readonly key?: string; readonly ca: string };
  /** Files as the service has them. */
  readonly offline?: {
    readonly policy: string;
    readonly crl?: string;
    readonly crlCa?: string;
    readonly denyList?: string;
  };
}

/** Our own certificate, read; or what is wrong with the files. */
export type Own =
  | { readonly t: 'read'; readonly certificate: X509Certificate; readonly pem: Required<OwnCredentials> }
  | { readonly t: 'unusable'; readonly text: string };

/** The looks at one door, each taken once, when a check first asks for it. */
export class Door {
  readonly plan: DoorPlan;

  constructor(plan: DoorPlan) {
    this.plan = plan;
  }

  /** The addresses behind the name. */
  readonly addresses = once(async (): Promise<readonly string[] | Failed> => {
    const { host, timeout } = this.plan;
    const name = isLocalhost(host) ? 'localhost' : host;
    const found = lookup(name, { all: true }).then((all) => all.map(({ address }) => address));
    return within(found, timeout);
  });

  /** Our own certificate and key. */
  readonly own = once(async (): Promise<Own> => {
    const { cert, key } = this.plan.files;
    try {
      // The CA is a check of its own.
      const pem = readCredentials({ cert, key, ca: cert });
      return { t: 'read', certificate: new X509Certificate(pem.cert), pem: { cert: pem.cert, key: pem.key } };
    } catch (error) {
      return { t: 'unusable', text: (error as Error).message };
    }
  });

  /** The certificates of the CA that the server's must lead to. */
  readonly authorities = once(async (): Promise<readonly X509Certificate[] | Failed> => {
    try {
      const ders = pemBlocks(readCa(this.plan.files.ca, '--ca'), 'CERTIFICATE') ?? [];
      return ders.map((der) => new X509Certificate(der));
    } catch (error) {
      return { t: 'failed', code: 'CA', text: (error as Error).message };
    }
  });

  /** The server's side of the handshake. */
  readonly shown = once(async (): Promise<Shown | Failed> => {
    return lookAtTls(this.plan, await this.#credentials(), this.plan.servername);
  });

  /** The answer to a plain GET below the prefix, which reaches no service: it says whose port this is. */
  readonly greeting = once((): Promise<Answer | Failed> => this.ask({ path: `${this.plan.pathPrefix}doctor` }));

  /** Whether what listens answers HTTP without TLS. */
  readonly plain = once((): Promise<boolean> => saysPlainHttp(this.plan));

  async ask(question: Question): Promise<Answer | Failed> {
    return ask(this.plan, await this.#credentials(), this.plan.servername, question);
  }

  async #credentials(): Promise<OwnCredentials> {
    const own = await this.own();
    return own.t === 'read' ? own.pem : {};
  }
}

/** Whether the host is an address, so that there is nothing to look up. */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

async function within<T>(work: Promise<T>, timeout: number): Promise<T | Failed> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Failed>((resolve) => {
    timer = setTimeout(() => resolve(late(timeout)), timeout);
  });
  try {
    return await Promise.race([work, over]);
  } catch (error) {
    return failureOf(error, timeout);
  } finally {
    clearTimeout(timer);
  }
}
