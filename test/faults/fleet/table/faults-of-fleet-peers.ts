import { readFileSync } from 'node:fs';
import { get } from '../../../../dev/wait.js';
import type { Aftermath } from '../../table/fault.js';
import { see } from '../../table/see.js';
import type { FleetArena } from '../arena/fleet-arena.js';
import { backAfter } from '../peers-back.js';
import { BACK_MS, type FleetFault, type FleetScene } from './fleet-fault.js';

/** Milliseconds within which a replica gives up a peer that reads nothing: until all buffers on the way are full, and as long as it waits then. */
const GIVEN_UP_MS = 30_000;
const IMPATIENT = ['--stall-timeout', '3s'];
/** Memory that the backlog of all may take in one replica, MiB. */
const MOST_MIB = 100;

/** An Envoy is killed; its peers find the other one, whose replicas serve their meetups or hand them on. */
async function edgeKilled(scene: FleetScene): Promise<Aftermath> {
  const { arena, begin, canComeBack } = scene;
  const { part } = arena.edge('a');
  begin();
  canComeBack();
  const { late } = await backAfter(scene, () => part.kill('SIGKILL'), BACK_MS);
  await part.revive();
  return { late };
}

/** Gateways do not read for so long that they are given up; those that another replica handed on, too. */
async function stalled({ arena, seats, begin }: FleetScene): Promise<Aftermath> {
  const memory = arena.running.map(({ part }) => residentMib(part.pid));
  const slowBefore = await slowPeers(arena);
  const late = AbortSignal.timeout(GIVEN_UP_MS);
  begin();
  const before = arena.crowds.manager.status.losses;
  await arena.crowds.gateway.order({ t: 'stall', isStalled: true, share: 2 });
  await arena.crowds.manager.until(({ losses }) => losses >= before + seats.gateway.length / 2, late);
  const grown = arena.running.map(({ part }, at) => residentMib(part.pid) - (memory[at] ?? 0));
  await arena.crowds.gateway.order({ t: 'stall', isStalled: false, share: 2 });
  const slow = (await slowPeers(arena)) - slowBefore;
  const most = Math.max(...grown);
  return {
    notes: [`the replicas named ${slow} slow peers, and took ${Math.round(most)} MiB more at most`],
    judge: () => [
      ...(slow === 0 ? ['no replica named a slow peer'] : []),
      ...(most > MOST_MIB ? [`a replica took ${Math.round(most)} MiB more`] : []),
    ],
  };
}

/** Peers that all replicas together ended as slow. */
async function slowPeers(arena: FleetArena): Promise<number> {
  const pages = await Promise.all(arena.running.map(({ metrics }) => get(`http://127.0.0.1:${metrics}/metrics`)));
  const samples = pages.flatMap((page) => [
    ...(page ?? '').matchAll(/^ws_proxy_connection_duration_\w*count\{[^}]*ending="slow_peer"[^}]*\} (\d+)/gm),
  ]);
  return samples.reduce((sum, [, count]) => sum + Number(count), 0);
}

function residentMib(pid: number): number {
  const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

async function arrival({ begin }: FleetScene): Promise<void> {
  begin();
}

export const faultsOfFleetPeers: readonly FleetFault[] = [
  {
    name: 'an Envoy is killed (SIGKILL), and peers go to the other one',
    form: 'short',
    inject: edgeKilled,
    allowed: [see.broke, see.noAnswer, see.gone, see.unplaced, see.full],
    bounds: { recovery: BACK_MS, told: 5_000 },
  },
  {
    name: 'every second gateway reads nothing until it is given up, also behind a hop',
    form: 'long',
    inject: stalled,
    allowed: [see.slow, see.gone, see.broke, see.silent, see.unheard, see.full],
    expected: [see.gone],
    bounds: { recovery: 20_000 },
    pairs: 8,
    everyMs: 250,
    paddingChars: 1_000_000,
    arena: { flags: IMPATIENT },
  },
  {
    name: '2,000 pairs come at once, to three replicas behind two Envoys',
    form: 'long',
    inject: arrival,
    allowed: [see.silent, see.noAnswer, see.noHello, see.unheard, see.gone, see.unplaced],
    bounds: { recovery: 120_000, hello: 60_000 },
    arena: { isHashed: true },
    pairs: 2_000,
    everyMs: 0,
    redialMs: 20_000,
    isArrival: true,
    isAlone: true,
  },
];
