import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Usage, usageOf } from '../../../bench/usage.js';
import type { TestNats } from '../../support/nats.js';
import { Child } from '../child.js';
import type { ClaimantCommand, Claimed } from '../claimant.js';
import { digits, type FigureRow } from '../row.js';
import type { Findings, Settings } from '../scenario.js';

/** The fleet that is simulated. */
const REPLICAS = 100;
/** Claims of each replica under way at one time when a fleet comes back at once. */
const AT_ONCE = 4;
/** Writes of a session: its claim, and its release. */
const WRITES = 2;
const NS_PER_US = 1000;
const MILLION = 1_000_000;
/** Mean life of a session in the example, seconds. */
const LIFE = 3_600;
/** The load that a measured time has before it, milliseconds. */
const WARM_UP_MS = 1_000;

/** Use of NATS and of the simulated replicas in one phase. */
interface Phase {
  readonly claimed: Claimed;
  /** CPU time within the phase, nanoseconds. */
  readonly natsNs: number;
  readonly replicasNs: number;
}

/** Claims of many simulated replicas against a real NATS: one server, file storage, on the same machine. */
export async function measureClaims(settings: Settings, nats: TestNats): Promise<Findings> {
  const dir = await mkdtemp(join(tmpdir(), 'ws-claims-'));
  const script = fileURLToPath(new URL('../claimant.js', import.meta.url));
  const core = settings.layout.rest;
  const claimant = new Child({
    name: 'simulated replicas',
    args: [script],
    log: join(dir, 'claimant.log'),
    ...(core === undefined ? {} : { core }),
  });
  const ask = async (command: ClaimantCommand): Promise<unknown> => {
    settings.stop.throwIfAborted();
    const answered = claimant.next((message) => message as Answer);
    claimant.send(command);
    const answer = await answered;
    if (answer.t === 'failed') throw new Error(answer.why);
    return answer.result;
  };
  const phase = async (command: ClaimantCommand): Promise<Phase> => {
    const before: readonly Usage[] = [usageOf(nats.pid), usageOf(claimant.pid)];
    const claimed = (await ask(command)) as Claimed;
    const [natsNs = 0, replicasNs = 0] = [nats.pid, claimant.pid].map(
      (pid, at) => usageOf(pid).cpuNs - (before[at]?.cpuNs ?? 0),
    );
    return { claimed, natsNs, replicasNs };
  };
  try {
    await claimant.ready();
    settings.tell(`connecting ${REPLICAS} simulated replicas`);
    await ask({ t: 'open', url: nats.url, replicas: REPLICAS });
    settings.tell('renewals alone');
    const ms = settings.measureMs;
    const rest = await phase({ t: 'rest', ms });
    settings.tell('one claim at a time');
    await ask({ t: 'churn', replicas: 1, atOnce: 1, ms: WARM_UP_MS });
    const single = await phase({ t: 'churn', replicas: 1, atOnce: 1, ms });
    settings.tell('claims of all replicas at once');
    await ask({ t: 'churn', replicas: REPLICAS, atOnce: AT_ONCE, ms: WARM_UP_MS });
    const storm = await phase({ t: 'churn', replicas: REPLICAS, atOnce: AT_ONCE, ms });
    settings.tell(`${settings.heldClaims} claims that stay`);
    const before = footprint(nats);
    await ask({ t: 'hold', claims: settings.heldClaims });
    const after = footprint(nats);
    const each = {
      memory: (after.memory - before.memory) / settings.heldClaims,
      disk: (after.disk - before.disk) / settings.heldClaims,
    };
    await ask({ t: 'close' });
    const restNs = rest.natsNs / (ms / 1000);
    return { rows: rowsOf({ restNs, single, storm, each }), data: { rest, single, storm, each } };
  } finally {
    await claimant.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

type Answer = { readonly t: 'done'; readonly result: unknown } | { readonly t: 'failed'; readonly why: string };

interface Measured {
  /** CPU time of NATS for the renewals of the whole fleet, nanoseconds a second. */
  readonly restNs: number;
  readonly single: Phase;
  readonly storm: Phase;
  /** Bytes for one claim. */
  readonly each: { readonly memory: number; readonly disk: number };
}

function rowsOf({ restNs, single, storm, each }: Measured): FigureRow[] {
  const { claimed } = storm;
  const writes = claimed.claims * WRITES;
  const rate = claimed.claims / claimed.seconds;
  const natsUs = (storm.natsNs - restNs * claimed.seconds) / writes / NS_PER_US;
  const perSecond = (MILLION * WRITES) / LIFE;
  const row = (what: string, value: number, unit: string, detail: string): FigureRow => ({ what, value, unit, detail });
  return [
    row(
      'a claim, one at a time, p50',
      single.claimed.latency.p50 / 1000,
      'ms',
      `p99 ${digits(single.claimed.latency.p99 / 1000)} ms`,
    ),
    row(
      'claims a second, each given back',
      rate,
      '/s',
      `${REPLICAS} replicas × ${AT_ONCE}; p50 ${digits(claimed.latency.p50 / 1000)}, p99 ${digits(claimed.latency.p99 / 1000)} ms`,
    ),
    row('CPU of NATS a write', natsUs, 'µs', `of the replicas ${digits(storm.replicasNs / writes / NS_PER_US)} µs`),
    row(`CPU of NATS for the renewals of ${REPLICAS} replicas`, restNs / 1e7, '% of a core', ''),
    row('memory of NATS a claim', each.memory, 'B', `on disk ${digits(each.disk)} B`),
    row(
      'a million sessions of an hour: CPU of NATS',
      (perSecond * natsUs * NS_PER_US + restNs) / 1e7,
      '% of a core',
      `computed: ${digits(perSecond)} writes a second, and the renewals`,
    ),
    row(
      'a million sessions: memory of NATS',
      (MILLION * each.memory) / 2 ** 20,
      'MiB',
      `computed; on disk ${digits((MILLION * each.disk) / 2 ** 20)} MiB`,
    ),
    row(
      'a million sessions that come back at once: claims',
      MILLION / rate,
      's',
      'computed, on this machine, beside the load that makes them',
    ),
  ];
}

function footprint(nats: TestNats): { readonly memory: number; readonly disk: number } {
  return { memory: usageOf(nats.pid).residentBytes, disk: sizeOf(nats.store) };
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
