import { Bridge, type BridgeOptions as ServedOptions } from '../../peer/bridge.js';
import { bridgeDefaults, DEFAULT_MAX_BODY, DEFAULT_TIMEOUT_MS } from '../../peer/limits.js';
import { bridgeClaims } from '../../peer/outgoing.js';
import { servesNothing } from '../../peer/responder.js';
import { type DialOptions, dialled, type Peer, peerOf } from './connect.js';

/** The settings of {@link startBridge}. Times in milliseconds, sizes in bytes. */
export interface BridgeOptions extends DialOptions {
  /** Where HTTP is served: a port, 0 for a free one, and a name or address, `127.0.0.1` when left out. */
  readonly listen: { readonly port: number; readonly host?: string };
  /** Time that a caller has for its body, and then the other peer for a response; 30 s when left out. */
  readonly timeout?: number;
  /** The largest body of a request; 4 MiB when left out. */
  readonly maxBody?: number;
  /** HTTP requests worked on at one time; `limits.inFlight` when left out, and 128 without it. */
  readonly maxInFlight?: number;
  /** Time that a request waits while the proxy restarts, 30 s when left out; 0: none waits. */
  readonly hold?: number;
  /** HTTP requests that wait for that, beside those in flight; 8192 when left out. */
  readonly maxHeld?: number;
  /** Names under which HTTP is served beside the loopback's; where `listen.host` is no loopback, the only ones. */
  readonly allowHosts?: readonly string[];
  /** Origins of web pages that may call, such as `http://localhost:3000`, or `*`. None may when left out. */
  readonly allowOrigins?: readonly string[];
}

/** A bridge that serves HTTP. */
export interface RunningBridge {
  /** Where it serves: `http://ADDRESS:PORT`. */
  readonly url: string;
  /** The connection to the meetup. */
  readonly peer: Peer;
  /** Takes no new requests, lets those in flight finish for 5 s at most, and stops the peer. */
  close(): Promise<void>;
}

/**
 * Serves HTTP whose requests the other peer answers, as `ws-proxy peer bridge` does. Resolves when it listens; rejects with the
 * system's error where it cannot, and for the reasons for which {@link connect} throws.
 */
export async function startBridge(options: BridgeOptions): Promise<RunningBridge> {
  const { maxInFlight = options.limits?.inFlight ?? bridgeDefaults.maxInFlight } = options;
  const served = servedOptions(options, maxInFlight);
  const limits = { ...options.limits, inFlight: maxInFlight };
  const made = dialled(options, bridgeClaims(served.hold), servesNothing, limits);
  const bridge = new Bridge(made.connection, served);
  try {
    const url = await bridge.listen();
    const peer = peerOf(made);
    return {
      url,
      peer,
      close: async () => {
        await bridge.close();
        await peer.stop();
      },
    };
  } catch (error) {
    await made.stop();
    throw error;
  }
}

/** The settings by which HTTP is served, with the usual ones where they are left out. */
export function servedOptions(options: Omit<BridgeOptions, 'observer'>, maxInFlight: number): ServedOptions {
  const { listen, timeout = DEFAULT_TIMEOUT_MS, maxBody = DEFAULT_MAX_BODY, allowHosts, allowOrigins } = options;
  const { hold = bridgeDefaults.hold, maxHeld = bridgeDefaults.maxHeld } = options;
  const { host = '127.0.0.1', port } = listen;
  const doors = { ...(allowHosts && { allowHosts }), ...(allowOrigins && { allowOrigins }) };
  return { host, port, timeout, maxBody, maxInFlight, hold, maxHeld, ...doors };
}
