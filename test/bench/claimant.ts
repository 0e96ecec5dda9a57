/** Simulated replicas, in a process of their own: each has its own connection to NATS, renews its record and claims meetups. Jobs come over the channel. */

import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { LatencyRecorder, type LatencySummary } from '../../bench/latency.js';
import { type Nats, openNats } from '../../proxy/cluster/nats/open-nats.js';
import type { Claim, ReplicaRecord } from '../../proxy/cluster/store.js';

export type ClaimantCommand =
  /** Connects the replicas; from then on each renews its record, as a real one does. */
  | { readonly t: 'open'; readonly url: string; readonly replicas: number }
  /** Nothing but renewals, for so many milliseconds. */
  | { readonly t: 'rest'; readonly ms: number }
  /** Each of so many replicas claims a meetup and gives it back, so many at a time, for so many milliseconds. */
  | { readonly t: 'churn'; readonly replicas: number; readonly atOnce: number; readonly ms: number }
  /** So many claims are made, and stay. */
  | { readonly t: 'hold'; readonly claims: number }
  | { readonly t: 'close' };

/** The requests of a job that were answered, and how long the claims among them took. */
export interface Claimed {
  readonly seconds: number;
  readonly claims: number;
  readonly latency: LatencySummary;
}

/** As a replica has it by default. */
const RENEW_MS = 2_000;
/** Longest wait for one answer, milliseconds. */
const REQUEST_MS = 5_000;
/** Claims under way at one time when they are made to stay: fewer than a server has any difficulty with. */
const HOLD_AT_ONCE = 512;

let replicas: readonly Simulated[] = [];

process.on('message', (command: ClaimantCommand) => {
  run(command).then(
    (result) => process.send?.({ t: 'done', result }),
    (error: unknown) => process.send?.({ t: 'failed', why: error instanceof Error ? error.message : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send?.({ t: 'up' });

/** One replica as NATS sees it. */
class Simulated {
  readonly #incarnation: string;
  readonly #nats: Nats;
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(url: string, at: number) {
    this.#incarnation = `bench-${at}-${Math.random().toString(36).slice(2, 10)}`;
    this.#nats = openNats(
      {
        servers: [url],
        name: this.#incarnation,
        cluster: 'bench',
        credsFile: undefined,
        userFile: undefined,
        caFile: undefined,
        certFile: undefined,
        keyFile: undefined,
        streams: { replicas: 1, storage: 'file' },
        requestTime: REQUEST_MS,
      },
      { tell: () => {} },
    );
  }

  /** Resolves when its record is written; renewals begin at a moment of their own. */
  async attach(): Promise<void> {
    while (!(await this.#renew())) await wait(100);
    const renewAll = (): void => {
      this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
    };
    setTimeout(renewAll, Math.random() * RENEW_MS).unref();
  }

  /** Claims a meetup that nobody has; gives the number of the write, and rejects when NATS does not do it. */
  async claim(): Promise<number> {
    const { store } = this.#nats;
    const claim: Claim = { format: 1, incarnation: this.#incarnation, name: this.#incarnation, address: ADDRESS };
    this.#next += 1;
    const put = await store.putClaim(`sub/${this.#incarnation}/${this.#next}`, claim, 0);
    if (put.t === 'written') return put.sequence;
    throw new Error(put.t === 'conflict' ? 'a meetup that is new was claimed' : `NATS does not answer: ${put.detail}`);
  }

  release(sequence: number): void {
    this.#nats.store.releaseClaim(sequence);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#nats.close();
  }

  async #renew(): Promise<boolean> {
    const put = await this.#nats.store.putRecord(this.#incarnation, RECORD, this.#sequence);
    if (put.t === 'written') this.#sequence = put.sequence;
    return put.t === 'written';
  }
}

const ADDRESS = '10.244.1.7:7443';
const RECORD: ReplicaRecord = {
  format: 1,
  name: 'bench',
  address: ADDRESS,
  control: ADDRESS,
  version: '0.0.0',
  policyDigest: 'x'.repeat(64),
};

async function run(command: ClaimantCommand): Promise<unknown> {
  switch (command.t) {
    case 'open':
      replicas = Array.from({ length: command.replicas }, (_, at) => new Simulated(command.url, at));
      await Promise.all(replicas.map((one) => one.attach()));
      return undefined;
    case 'rest':
      await wait(command.ms);
      return undefined;
    case 'churn':
      return churn(command);
    case 'hold':
      return hold(command.claims);
    case 'close':
      await Promise.all(replicas.map((one) => one.close()));
      return undefined;
  }
}

async function churn({ replicas: count, atOnce, ms }: ClaimantCommand & { t: 'churn' }): Promise<Claimed> {
  const end = performance.now() + ms;
  return timed(async (claim) => {
    const worker = async (one: Simulated): Promise<void> => {
      while (performance.now() < end) one.release(await claim(one));
    };
    const workers = replicas.slice(0, count).flatMap((one) => Array.from({ length: atOnce }, () => worker(one)));
    await Promise.all(workers);
  });
}

function hold(claims: number): Promise<Claimed> {
  let left = claims;
  return timed(async (claim) => {
    const worker = async (at: number): Promise<void> => {
      const one = replicas[at % replicas.length];
      while (one !== undefined && left-- > 0) await claim(one);
    };
    await Promise.all(Array.from({ length: HOLD_AT_ONCE }, (_, at) => worker(at)));
  });
}

async function timed(act: (claim: (one: Simulated) => Promise<number>) => Promise<void>): Promise<Claimed> {
  const latencies = new LatencyRecorder();
  const start = performance.now();
  let claims = 0;
  await act(async (one) => {
    const asked = performance.now();
    const sequence = await one.claim();
    latencies.record((performance.now() - asked) * 1e6);
    claims += 1;
    return sequence;
  });
  return { seconds: (performance.now() - start) / 1000, claims, latency: latencies.summary() };
}
