import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { lookupLocalhost } from '../proxy/transport/dial/localhost.js';

/** The address of an HTTP API. */
export interface Upstream {
  /** `http:` or `https:`, a path below which every request stays, no query; of an API on a unix socket `http://localhost/…`. */
  readonly upstream: URL;
  /** The unix socket on which the API listens, in place of the URL's host and port. */
  readonly socketPath?: string | undefined;
  /** The CA certificates, as PEM text, that the API's certificate must lead to; the system's when left out. They are asked for at each new connection. */
  readonly upstreamCa?: (() => string) | undefined;
}

/**
 * Time for which an idle connection is kept, milliseconds; an API that announces a shorter one gets that. Servers close idle connections after 2 s
 * (gunicorn), 5 s (Node, uvicorn) or more: a request that goes out at that moment fails, and may not be sent twice.
 */
const IDLE_MS = 1_500;

/** Keeps the connections to an API: at most `maxSockets`, idle ones for the next request. Never through an HTTP proxy. */
export function agentFor({ upstream, socketPath, upstreamCa }: Upstream, maxSockets: number): Agent {
  const pool = { keepAlive: true, timeout: IDLE_MS, maxSockets, lookup: lookupLocalhost };
  const onSocket = { ...pool, socketPath };
  if (socketPath !== undefined) return new Agent(onSocket);
  if (upstream.protocol !== 'https:') return new Agent(pool);
  return upstreamCa === undefined ? new TlsAgent(pool) : new OwnCaAgent(upstreamCa, pool);
}

class OwnCaAgent extends TlsAgent {
  readonly #ca: () => string;

  /** An agent without cached sessions: a cached session is taken up without a look at the certificate. */
  constructor(ca: () => string, pool: ConstructorParameters<typeof TlsAgent>[0]) {
    super({ ...pool, maxCachedSessions: 0 });
    this.#ca = ca;
  }

  override createConnection(...[options, ...rest]: Parameters<Agent['createConnection']>) {
    return super.createConnection({ ...options, ca: this.#ca() } as typeof options, ...rest);
  }
}
