import { readdirSync } from 'node:fs';
import { get, waitFor } from '../../../../dev/wait.js';
import { gaugeIn } from '../../arena/held.js';
import { steadyNow } from '../../judge/history.js';
import type { ClaimTable } from './claim-table.js';
import type { ListedSession, Operator } from './operator.js';

/** Milliseconds until what is counted has come to what is there: claims are given back, and connections end, a moment later. */
const COUNTED_MS = 20_000;
/**
 * Descriptors above those of a replica at its start: three probes of each Envoy, scrapes, and lines of the control API from and to other
 * replicas, all of which last. Less than what the peers of one fault have.
 */
const MORE_FILES = 24;
const GAUGES = ['connections', 'sessions', 'hops'] as const;

/** A replica that runs. */
interface WatchedReplica {
  readonly name: string;
  readonly pid: number;
  /** Port of its metrics. */
  readonly metrics: number;
}

/** A fleet, as far as it is looked at. */
export interface WatchedFleet {
  /** Ports of operators, by the Envoy. */
  readonly controls: ReadonlyMap<string, number>;
  /** Those that run now. */
  readonly replicas: readonly WatchedReplica[];
}

/** Looks whether the parts of a fleet agree on who meets where, and whether they keep anything of those who have gone. */
export class FleetWatch {
  readonly #fleet: WatchedFleet;
  readonly #claims: ClaimTable;
  readonly #operator: Operator;
  /** Descriptors of a process before anybody came, by its id. */
  readonly #files = new Map<number, number>();

  constructor(fleet: WatchedFleet, claims: ClaimTable, operator: Operator) {
    this.#fleet = fleet;
    this.#claims = claims;
    this.#operator = operator;
  }

  get operator(): Operator {
    return this.#operator;
  }

  get claims(): ClaimTable {
    return this.#claims;
  }

  /** Remembers what a replica holds while it has no peers. */
  noteFiles(pid: number): void {
    this.#files.set(pid, filesOf(pid));
  }

  /** The sessions of all replicas, as they are told through this port of an Envoy; rejects where one of them stays out of reach. */
  wholeList(port: number): Promise<readonly ListedSession[]> {
    return waitFor('the list lacks a replica', COUNTED_MS, new AbortController().signal, async () => {
      const { sessions, unreachable } = await this.#operator.sessions(port);
      return unreachable.length === 0 ? sessions : undefined;
    });
  }

  /** Milliseconds until so many meetups are claimed. */
  async asserted(count: number): Promise<number> {
    const began = steadyNow();
    const [wrong] = await this.#wrongInClaims(count);
    if (wrong !== undefined) throw new Error(wrong);
    return steadyNow() - began;
  }

  /** All lists through both Envoys have each of so many meetups once, and the claims are those of the lists. */
  async whileTheySit(pairs: number): Promise<readonly string[]> {
    const wrong = await Promise.all(
      [...this.#fleet.controls].map(([edge, port]) => this.#wrongInList(edge, port, pairs)),
    );
    return [...wrong.flat(), ...(await this.#wrongInClaims(pairs))];
  }

  /** No replica counts a connection, a session or a hop, nor holds descriptors of one, and no meetup is claimed. */
  async whenTheyHaveGone(): Promise<readonly string[]> {
    const wrong = await Promise.all(this.#fleet.replicas.map((replica) => this.#wrongIn(replica)));
    return [...wrong.flat(), ...(await this.#wrongInClaims(0))];
  }

  async #wrongInList(edge: string, port: number, pairs: number): Promise<string[]> {
    const sessions = await this.wholeList(port).catch((error: Error) => error.message);
    if (typeof sessions === 'string') return [`through ${edge}, ${sessions}`];
    const wrong: string[] = [];
    if (sessions.length !== pairs) {
      wrong.push(`through ${edge}, the list has ${sessions.length} sessions of ${pairs} pairs`);
    }
    const ids = new Set<string>();
    for (const { meetupId, replica, state } of sessions) {
      if (state !== 'SESSION_STATE_PAIRED') wrong.push(`${meetupId} is ${state} at ${replica}`);
      if (ids.has(meetupId)) wrong.push(`${meetupId} is in the list twice, once at ${replica}`);
      ids.add(meetupId);
      const claimant = await this.#claims.claimant(meetupId);
      if (claimant !== replica)
        wrong.push(`${meetupId} is served by ${replica} and claimed by ${claimant ?? 'nobody'}`);
    }
    return wrong;
  }

  async #wrongInClaims(count: number): Promise<string[]> {
    let found = -1;
    const wrong = await settles(`there are not ${count} claims`, async () => {
      found = await this.#claims.count().catch(() => -1);
      return found === count;
    });
    return wrong.map((words) => `${words} but ${found}`);
  }

  async #wrongIn({ name, pid, metrics }: WatchedReplica): Promise<string[]> {
    const counted = await settles(`${name} counts somebody who has gone`, async () => isNone(metrics));
    const before = this.#files.get(pid);
    if (before === undefined) return counted;
    const most = before + MORE_FILES;
    const held = await settles(`${name} holds more than ${most} descriptors`, async () => filesOf(pid) <= most);
    return [...counted, ...held];
  }
}

async function isNone(metricsPort: number): Promise<boolean> {
  const page = (await get(`http://127.0.0.1:${metricsPort}/metrics`)) ?? '';
  return GAUGES.every((gauge) => gaugeIn(page, gauge) === 0);
}

async function settles(otherwise: string, isSo: () => Promise<boolean>): Promise<string[]> {
  const never = new AbortController().signal;
  const wait = waitFor(otherwise, COUNTED_MS, never, async () => ((await isSo()) ? true : undefined));
  return wait.then(
    () => [],
    (error: Error) => [error.message],
  );
}

function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
