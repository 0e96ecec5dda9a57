import { MAX_REPLICAS } from '../envoy/replica.js';
import { defaultBackoff } from '../peer/backoff.js';
import { type Costs, MEASURED_BODY_BYTES, type PartCosts } from './costs.js';
import { type Limits, limitsFor, mostSessions } from './size-limits.js';

/** The load that a deployment is for. */
export interface Demand {
  readonly pairs: number;
  /** Calls a second of each pair, in both directions together. */
  readonly rate: number;
  /** Body of each message, bytes. */
  readonly bodyBytes: number;
  /** Mean time for which a pair stays connected, milliseconds. */
  readonly lifeMs: number;
  /** The share of each core that is to stay free. */
  readonly headroom: number;
  /** Replicas of the service; absent: as many as are needed. */
  readonly replicas?: number;
  /** Time after an outage in which all pairs are to be back, milliseconds; absent: as long as it takes. */
  readonly reconnectMs?: number;
}

/** What a part needs. */
export interface PartSize {
  /** Cores that the load keeps busy. */
  readonly busy: number;
  /** Whole cores to provide; a replica of the service uses one. */
  readonly cores: number;
  /** Time for the set-ups of all pairs after an outage, beside the load, seconds; infinite where the load leaves no time. */
  readonly setUpSeconds: number;
}

export interface Size {
  readonly demand: Demand;
  readonly source: string;
  /** A second, in all. */
  readonly messages: number;
  readonly setUps: number;
  readonly service: PartSize;
  readonly envoy: PartSize;
  /** The same number of replicas would do with less, where it is above; where it is below, the demand is not met. */
  readonly replicasNeeded: number;
  /** Longest wait of a peer between two dials, and then the slower part's set-ups, seconds. */
  readonly backSeconds: number;
  readonly memory: Memory;
  readonly limits: Limits;
}

/** Resident memory, MiB. */
export interface Memory {
  /** Of each replica: process, sessions, the history when it is full, and garbage before a collection. */
  readonly replica: number;
  /** Of all Envoys together: processes counted as one, and sessions. */
  readonly envoy: number;
}

/** A request and its response. */
const MESSAGES_PER_CALL = 2;
/** Longest wait of a peer of this project between two dials while nobody answers, milliseconds. */
export const REDIAL_MS = defaultBackoff.cap;
/** Garbage of the service before it is collected, MiB. */
const GARBAGE_MIB = 150;
const US = 1_000_000;
const KIB = 1024;

/** Computes what the demand needs. Throws one line where no fleet behind one Envoy is large enough. */
export function sizeFor(demand: Demand, costs: Costs): Size {
  const busy = { service: busyCores(demand, costs.service), envoy: busyCores(demand, costs.envoy) };
  const sessionsMost = Math.ceil(demand.pairs / mostSessions());
  const replicasNeeded = Math.max(coresFor(demand, costs.service, busy.service), sessionsMost);
  if (replicasNeeded > MAX_REPLICAS) {
    const time = demand.reconnectMs === undefined ? '' : ', or give more time (--reconnect-in)';
    throw new Error(
      `this takes ${replicasNeeded} replicas, and one Envoy takes ${MAX_REPLICAS} at most: share the pairs among several fleets${time}`,
    );
  }
  const replicas = demand.replicas ?? replicasNeeded;
  const service = partOf(demand, costs.service, busy.service, replicas);
  const envoy = partOf(demand, costs.envoy, busy.envoy, coresFor(demand, costs.envoy, busy.envoy));
  const limits = limitsFor(demand, replicas, costs, GARBAGE_MIB);
  return {
    demand,
    source: costs.source,
    messages: demand.pairs * demand.rate * MESSAGES_PER_CALL,
    setUps: setUpsIn(demand),
    service,
    envoy,
    replicasNeeded,
    backSeconds: REDIAL_MS / 1000 + Math.max(service.setUpSeconds, envoy.setUpSeconds),
    memory: {
      replica:
        costs.service.baseMib +
        limits.historyMib +
        GARBAGE_MIB +
        (demand.pairs / replicas) * (costs.service.sessionKib / KIB),
      envoy: costs.envoy.baseMib + demand.pairs * (costs.envoy.sessionKib / KIB),
    },
    limits,
  };
}

/** The formula, one line each, in the words of the options. */
export const FORMULA: readonly string[] = [
  'messages/s = pairs × rate × 2; set-ups/s = pairs ÷ session time',
  'busy cores of a part = messages/s × (CPU of a lone message + CPU of a KiB × KiB of body beyond 200 bytes)',
  '                       + set-ups/s × CPU of a set-up + pairs × CPU of an idle session',
  'replicas = busy cores of the service ÷ (1 − headroom), rounded up; cores of Envoy likewise',
  '           with --reconnect-in: at least busy cores + pairs × CPU of a set-up ÷ (that time − 8 s)',
  'all are back after 8 s, a peer’s longest wait, + pairs × CPU of a set-up ÷ (cores − busy cores), of the slower part',
];

function setUpsIn({ pairs, lifeMs }: Demand): number {
  return pairs / (lifeMs / 1000);
}

function busyCores(demand: Demand, { messageUs, kibUs, setUpMs, idleUs }: PartCosts): number {
  const { pairs, rate, bodyBytes } = demand;
  const perMessage = messageUs + (kibUs * Math.max(0, bodyBytes - MEASURED_BODY_BYTES)) / KIB;
  const us = pairs * rate * MESSAGES_PER_CALL * perMessage + setUpsIn(demand) * setUpMs * 1000 + pairs * idleUs;
  return us / US;
}

function coresFor(demand: Demand, costs: PartCosts, busy: number): number {
  const steady = busy / (1 - demand.headroom);
  const { reconnectMs } = demand;
  const back =
    reconnectMs === undefined ? 0 : busy + setUpSecondsOf(demand, costs) / ((reconnectMs - REDIAL_MS) / 1000);
  return Math.max(1, Math.ceil(Math.max(steady, back)));
}

/** CPU of a set-up of every pair, seconds. */
function setUpSecondsOf({ pairs }: Demand, { setUpMs }: PartCosts): number {
  return (pairs * setUpMs) / 1000;
}

function partOf(demand: Demand, costs: PartCosts, busy: number, cores: number): PartSize {
  const free = cores - busy;
  return { busy, cores, setUpSeconds: free > 0 ? setUpSecondsOf(demand, costs) / free : Number.POSITIVE_INFINITY };
}
