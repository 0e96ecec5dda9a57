import type { Clock } from '../../ports/clock.js';
import type { HopEvidence, Owner } from '../../session/life/locator.js';
import type { MutualTls } from '../../transport/mutual-tls.js';
import type { ByteCopy } from './byte-copy.js';

/** Times of a hop, milliseconds. */
export interface HopTimes {
  /** Time to connect to the other replica. */
  readonly dial: number;
  /** Time for its answer, which takes as long as a probe of who sits there. */
  readonly answer: number;
  /** Time for all of the placing of one upgrade. */
  readonly placing: number;
  /** Time that one direction has when the other has ended. */
  readonly linger: number;
  /** Time without a byte from the other replica, or one that the client takes, after which the connection is cut. */
  readonly quiet: number;
}

/** Counts the upgrades that are handed on. */
export interface HopObserver {
  open: number;
  answered(isAccepted: boolean): void;
  failed(fault: HopEvidence['fault']): void;
}

/** Hears of the upgrades that are handed on, for the log. */
export interface HopReport {
  answered(meetupId: string, requestId: string, owner: Owner, status: number): void;
  /** A hop failed. Called at most every few seconds for one fault of one replica. */
  failed(owner: Owner, fault: HopEvidence['fault'], detail: string): void;
}

export interface HopsParts {
  readonly clock: Clock;
  readonly times: HopTimes;
  /** This replica's own incarnation at present. */
  readonly incarnation: () => string;
  /** What this replica shows others at present, and who they must be; undefined where they are reached without TLS. */
  readonly tls: () => MutualTls | undefined;
  readonly counts: HopObserver;
  readonly report: HopReport;
}

/** One connection that is served by another replica. */
export interface Hop {
  readonly owner: Owner;
  /** This replica's incarnation, by which the other one knows the connection. */
  readonly via: string;
  readonly copy: ByteCopy;
}

/** What a replica does with its peers, milliseconds; all replicas of a fleet have the same. */
export interface PeerTimes {
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly stallTimeout: number;
  readonly closeTimeout: number;
}

/** How late a replica may be with what its times say, milliseconds. */
const LATENESS = 2_000;

/** The time after which a connection on which nothing moves is cut: by then the other replica has pinged, or ended who is too slow. */
export function quietAfter({ pingInterval, pingTimeout, stallTimeout, closeTimeout }: PeerTimes): number {
  return Math.max(pingInterval + pingTimeout, stallTimeout) + closeTimeout + LATENESS;
}
