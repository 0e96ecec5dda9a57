import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../../bench/job.js';
import type { Measurement } from '../../../bench/window.js';
import { settleAll } from '../../../dev/ports.js';
import { RawAuthority } from '../../support/raw-authority.js';
import { inAllTurns, ratioOf } from '../rounds.js';
import type { FigureRow, FigureTarget } from '../row.js';
import type { Findings, Settings } from '../scenario.js';
import type { Stage } from '../stage.js';
import type { ServiceVariant } from '../stage-plan.js';
import { onStage, untraced } from '../variants.js';
import { closedJob, cpuPerMessage, type Load, ratioRow } from './relay.js';

/** A way between two replicas, and the most that a message may cost by it, Envoy counted, of a message within one replica. */
interface Way {
  readonly name: string;
  readonly what: string;
  readonly atMost: number;
}

const ways: readonly Way[] = [
  { name: 'unix', what: 'a hop by a unix socket', atMost: 2.2 },
  { name: 'tls', what: 'a hop by mutual TLS', atMost: 2.5 },
];
/** The name in the replicas' certificate. */
const NAME = 'replica.internal';
/** Both peers of a pair enter by one replica of the fleet. */
const LOCAL = 'local';

/** The load of `relay`, which has a target, and one that has no message to put with another. */
const loads: readonly (readonly [name: string, load: Load, hasTarget: boolean])[] = [
  ['16 in flight', { pairs: 10, inFlight: 16, requestBytes: 200, answerBytes: 200 }, true],
  ['1 in flight', { pairs: 50, inFlight: 1, requestBytes: 200, answerBytes: 200 }, false],
];

/** Messages of pairs whose peers entered by two replicas, against those of pairs within one, in the same run. */
export async function measureHops(settings: Settings, nats: string): Promise<Findings> {
  const dir = await mkdtemp(join(tmpdir(), 'ws-hop-'));
  try {
    const addresses = await addressesIn(dir);
    const replicas = [...addresses].map(([name, hop]) => replicaOf(name, nats, hop));
    return await onStage(settings, [...replicas, untraced], async (stage) => {
      await Promise.all(replicas.map(({ name }) => stage.ready(name)));
      const rows: FigureRow[] = [];
      const data: Record<string, unknown> = {};
      for (const [load, plan, hasTarget] of loads) {
        const names = [untraced.name, LOCAL, ...ways.map(({ name }) => name)];
        const job = jobOf(stage, settings, plan);
        const measured = await inAllTurns(stage, names, settings.rounds, job, settings.tell);
        rows.push(...rowsOf(load, measured, hasTarget));
        data[load] = Object.fromEntries(measured);
      }
      return { rows, data };
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The flags of each replica's hop listener, by its name: two for each way. */
async function addressesIn(dir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const file = (name: string): string => join(dir, name);
  const authority = new RawAuthority();
  const { certificate, key } = authority.issue({ subject: [['2.5.4.3', NAME]], names: [{ dns: NAME }] });
  await writeFile(file('cert.pem'), certificate);
  await writeFile(file('key.pem'), key, { mode: 0o600 });
  await writeFile(file('ca.pem'), authority.certificate);
  const tls = [
    '--hop-cert',
    file('cert.pem'),
    '--hop-key',
    file('key.pem'),
    '--hop-ca',
    file('ca.pem'),
    '--hop-name',
    NAME,
  ];
  const wanted = { name: 'hop', host: '127.0.0.1', port: 0, variable: '' };
  const ports = await settleAll([wanted, wanted]);
  return new Map(
    [0, 1].flatMap((at): [string, readonly string[]][] => [
      [nameOf('unix', at), ['--hop-listen', `unix:${file(`hop-${at}.sock`)}`]],
      [nameOf('tls', at), ['--hop-listen', `127.0.0.1:${ports[at]}`, ...tls]],
    ]),
  );
}

/** One of the two replicas of a fleet that is joined in one way. */
function replicaOf(name: string, nats: string, hop: readonly string[]): ServiceVariant {
  const [way = ''] = name.split('-');
  return { ...untraced, name, flags: ['--replica', name, '--nats', nats, '--cluster-name', `bench-${way}`, ...hop] };
}

function nameOf(way: string, at: number): string {
  return `${way}-${at}`;
}

function jobOf(stage: Stage, settings: Settings, load: Load): (name: string) => Job {
  return (name) => {
    if (!ways.some((way) => way.name === name)) {
      return closedJob(stage, settings, load)(name === LOCAL ? nameOf('unix', 0) : name);
    }
    const [one, other] = [nameOf(name, 0), nameOf(name, 1)];
    const job = closedJob(stage, settings, load)(one);
    return { ...job, target: stage.target(one, other), watched: stage.watched(one, other) };
  };
}

function rowsOf(load: string, measured: ReadonlyMap<string, readonly Measurement[]>, hasTarget: boolean): FigureRow[] {
  const roundsOf = (name: string): readonly Measurement[] => measured.get(name) ?? [];
  const local = roundsOf(LOCAL);
  const row = (what: string, name: string, number: (one: Measurement) => number, target?: FigureTarget): FigureRow =>
    ratioRow(`${what}, ${load}`, 'µs', ratioOf({ service: roundsOf(name), reference: local }, number), target);
  return ways
    .flatMap(({ name, what, atMost }) => [
      row(`CPU a message by ${what}, services + Envoy`, name, ofAll, hasTarget ? { atMost } : undefined),
      row(`CPU a message by ${what}, services`, name, ofServices),
      row(`round trip by ${what}, p50`, name, ({ latency }) => latency.p50),
    ])
    .concat(
      ratioRow(
        `CPU a message in a fleet, no hop, ${load}`,
        'µs',
        ratioOf({ service: local, reference: roundsOf(untraced.name) }, ofAll),
        hasTarget ? { atMost: 1.1 } : undefined,
      ),
    );
}

function ofServices(one: Measurement): number {
  const other = one.usage['other'] === undefined ? 0 : cpuPerMessage('other')(one);
  return cpuPerMessage('service')(one) + other;
}

function ofAll(one: Measurement): number {
  return ofServices(one) + cpuPerMessage('envoy')(one);
}
