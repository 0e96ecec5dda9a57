import type { PeerObserver } from '../../peer/connection.js';
import { bridgeDefaults, manyDefaults } from '../../peer/limits.js';
import type { ListedMeetup } from '../../peer/many/listed-meetup.js';
import { ManyBridge } from '../../peer/many/many-bridge.js';
import { meetupUrl } from '../../peer/many/meetup-address.js';
import { bridgeClaims } from '../../peer/outgoing.js';
import { servesNothing } from '../../peer/responder.js';
import { type BridgeOptions, servedOptions } from './bridge.js';
import { dialler, whenRenewed } from './connect.js';

/** The settings of {@link startManyBridge}. Times in milliseconds, sizes in bytes. */
export interface ManyBridgeOptions extends Omit<BridgeOptions, 'observer'> {
  /** The address under which all meetups are: `wss://HOST:5050/micronets/v1/ws-proxy`, without a query. */
  readonly url: string;
  /** HTTP requests of all meetups together that are worked on at one time; 128 when left out. */
  readonly maxInFlight?: number;
  /** HTTP requests of all meetups together that wait beside those in flight; 8192 when left out. */
  readonly maxHeld?: number;
  /** Meetups at one time, a connection each; 1024 when left out. */
  readonly maxMeetups?: number;
  /** Requests of one meetup at one time, those that wait included; `limits.inFlight` when left out, and 32 without it. */
  readonly maxPerMeetup?: number;
  /** Time that a request waits while its meetup is opened; 10 s when left out. */
  readonly wait?: number;
  /** Time without a request after which a meetup is closed; 10 min when left out. */
  readonly idle?: number;
  /** Gives the observer of a meetup that is opened, which hears of everything from the first dial on. */
  readonly observer?: (meetup: string) => PeerObserver;
}

/** A bridge for many meetups that serves HTTP. */
export interface RunningManyBridge {
  /** Where it serves: `http://ADDRESS:PORT`; a request goes to `/MEETUP/-/PATH` there, or names the meetup in the header `Ws-Proxy-Meetup`. */
  readonly url: string;
  /** Every meetup that is open, opens, closes or was refused a moment ago. */
  meetups(): ListedMeetup[];
  /** Has meetups that were refused opened again: there is another certificate now. Called by itself where `credentials` names files. */
  credentialsChanged(): void;
  /** Takes no new requests, lets those in flight finish for 5 s at most, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Serves HTTP for every meetup below an address, as `ws-proxy peer bridge --many` does: a request opens its meetup, and one that nobody
 * calls is closed. Resolves when it listens; rejects as {@link startBridge} does, and with TypeError where `url` cannot be such an address.
 */
export async function startManyBridge(options: ManyBridgeOptions): Promise<RunningManyBridge> {
  const { url: prefix, observer } = options;
  if (prefix.includes('?')) throw new TypeError('url: It has a query; with many meetups it ends before the meetup id.');
  const { maxMeetups = manyDefaults.maxMeetups, wait = manyDefaults.wait, idle = manyDefaults.idle } = options;
  const { maxPerMeetup = options.limits?.inFlight ?? manyDefaults.maxPerMeetup } = options;
  const served = servedOptions(options, options.maxInFlight ?? bridgeDefaults.maxInFlight);
  const limits = { ...options.limits, inFlight: maxPerMeetup };
  const connectionTo = dialler(options, bridgeClaims(served.hold), servesNothing, limits);
  const dial = (id: string): ReturnType<typeof connectionTo> => {
    const peer = connectionTo(meetupUrl(prefix, id));
    if (observer !== undefined) peer.observe(observer(id));
    return peer;
  };
  const bridge = new ManyBridge(dial, { ...served, maxMeetups, wait, idle, maxPerMeetup });
  const url = await bridge.listen();
  const unwatch = whenRenewed(options, () => bridge.credentialsChanged());
  return {
    url,
    meetups: () => bridge.list(),
    credentialsChanged: () => bridge.credentialsChanged(),
    close: async () => {
      unwatch();
      await bridge.close();
    },
  };
}
