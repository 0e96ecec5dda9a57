import { gateway } from '../../peer/gateway.js';
import { DEFAULT_MAX_BODY, DEFAULT_TIMEOUT_MS, defaultLimits } from '../../peer/limits.js';
import { parseUpstream } from '../../peer/upstream-address.js';
import { watchedCa } from '../../peer/upstream-ca.js';
import { type DialOptions, dialled, type Peer, peerOf } from './connect.js';

/** The settings of {@link startGateway}. Times in milliseconds, sizes in bytes. */
export interface GatewayOptions extends DialOptions {
  /** The HTTP API: `http(s)://HOST[:PORT][/PATH]`, or `unix:SOCKET[:/PATH]`. Requests stay below its path. */
  readonly upstream: string;
  /** Path of a PEM file with the CA of an `https:` API; the system's when left out. It is watched. */
  readonly upstreamCa?: string;
  /** Time that the API has for a response; 30 s when left out. */
  readonly timeout?: number;
  /** The largest body of a response; 4 MiB when left out. */
  readonly maxBody?: number;
  /** Requests passed to the API at one time, told in the HELLO; `limits.concurrent` when left out, and 64 without it. More are answered 503. */
  readonly concurrency?: number;
  /** Is told when the file of `upstreamCa` turns bad; the certificates read before stay in use. */
  readonly complain?: (line: string) => void;
}

/** A gateway that answers requests. */
export interface RunningGateway {
  /** The connection to the meetup. */
  readonly peer: Peer;
  /** Stops the peer and ends the connections to the API. */
  close(): Promise<void>;
}

/**
 * Answers the other peer's requests from an HTTP API, as `ws-proxy peer gateway` does.
 *
 * @throws TypeError where `upstream` is no address of an API, and for the reasons for which {@link connect} throws
 */
export function startGateway(options: GatewayOptions): RunningGateway {
  const { timeout = DEFAULT_TIMEOUT_MS, maxBody = DEFAULT_MAX_BODY, complain = () => {} } = options;
  // What the HELLO says is what is done: one number for both.
  const { concurrency = options.limits?.concurrent ?? defaultLimits.concurrent, upstreamCa } = options;
  const address = parseUpstream(options.upstream);
  if (typeof address === 'string') throw new TypeError(`upstream ${options.upstream}: ${address}`);
  const { url: upstream, socketPath } = address;
  const ca = upstreamCa === undefined ? undefined : watchedCa(upstreamCa, complain, 'upstreamCa');
  const where = { upstream, socketPath, upstreamCa: ca?.current };
  const api = gateway({ ...where, timeout, maxBody, maxConnections: concurrency });
  const end = (): void => {
    api.close();
    ca?.stop();
  };
  try {
    const limits = { ...options.limits, concurrent: concurrency };
    const peer = peerOf(dialled(options, { asks: false, answers: true, concurrency }, api.handler, limits));
    return {
      peer,
      close: async () => {
        await peer.stop();
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}
