import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from '../../ports/clock.js';
import { MIN_TLS_VERSION, type MutualTls, namedOnly } from '../../transport/mutual-tls.js';
import { isLoopback, parseListen } from '../listen-address.js';

/** A connection to another replica; or why there is none. `refused`: nobody listens there. */
export type Dialled =
  | { readonly t: 'open'; readonly line: Socket }
  | { readonly t: 'refused' | 'silent'; readonly detail: string };

/** Codes of a system that says that nobody listens at an address. */
const NOBODY: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT']);
/** Time after which a connection on which nothing moves is asked for a sign of life by TCP, milliseconds. */
const KEEP_ALIVE = 10_000;

/**
 * Connects to the hop listener of a replica within a time (milliseconds). Never rejects. With TLS the replica must have the name, and
 * nothing is dialled without; a replica without TLS dials only addresses of this machine. Identities pass here.
 */
export function dialOwner(address: string, tls: MutualTls | undefined, time: number, clock: Clock): Promise<Dialled> {
  const parsed = parseListen(address);
  if ('fault' in parsed) return failed(`${address}: ${parsed.fault}`);
  const { ok } = parsed;
  if (ok.t === 'unix') {
    // An address comes from the store: whoever can write there could have peers handed to a socket of their own.
    if (tls !== undefined) return failed(`${address}: this replica reaches others by TLS only`);
    return opened(connectPlain({ path: ok.path, allowHalfOpen: true }), 'connect', time, clock);
  }
  const { host, port } = ok;
  const tcp = { host, port, allowHalfOpen: true };
  if (tls !== undefined) return opened(connectTls({ ...tcp, ...shown(tls) }), 'secureConnect', time, clock);
  if (!isLoopback(host)) return failed(`${address}: it is reached by TLS only, and this replica has none`);
  return opened(connectPlain(tcp), 'connect', time, clock);
}

/** To read the files for each connection would be a quarter of the work of its handshake. */
const contexts = new WeakMap<MutualTls, SecureContext>();

function contextOf(tls: MutualTls): SecureContext {
  const { cert, key, ca } = tls;
  const context = contexts.get(tls) ?? createSecureContext({ cert, key, ca, minVersion: MIN_TLS_VERSION });
  contexts.set(tls, context);
  return context;
}

function shown(tls: MutualTls) {
  return {
    ...{ secureContext: contextOf(tls), ALPNProtocols: ['http/1.1'] },
    checkServerIdentity: namedOnly(tls.name),
  };
}

function opened(line: Socket, event: 'connect' | 'secureConnect', time: number, clock: Clock): Promise<Dialled> {
  return new Promise((resolve) => {
    const cancel = clock.after(time, () => line.destroy(new Error(`no connection within ${Math.round(time)} ms`)));
    line.on('error', (error: NodeJS.ErrnoException) => {
      cancel();
      resolve({ t: NOBODY.has(error.code ?? '') ? 'refused' : 'silent', detail: error.message });
    });
    line.once(event, () => {
      cancel();
      line.setNoDelay();
      line.setKeepAlive(true, KEEP_ALIVE);
      resolve({ t: 'open', line });
    });
  });
}

function failed(detail: string): Promise<Dialled> {
  return Promise.resolve({ t: 'silent', detail });
}
