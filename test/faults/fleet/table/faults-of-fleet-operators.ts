import { setTimeout as delay } from 'node:timers/promises';
import { denial, revocation } from '../../table/faults-of-operators.js';
import { see } from '../../table/see.js';
import type { FleetArena } from '../arena/fleet-arena.js';
import { REPLICAS } from '../arena/fleet-plan.js';
import type { ListedSession } from '../arena/operator.js';
import type { FleetFault, FleetScene } from './fleet-fault.js';

/** Milliseconds within which an order reaches peers on any replica: 2 s, and as much again for a machine that does other work. */
const REACHED_MS = 4_000;
const BACK_MS = 40_000;
/** Milliseconds for which somebody is kept out. */
const KEPT_OUT_MS = 2_000;

/** A session of each replica, as one of them lists them. */
async function oneOfEach(arena: FleetArena): Promise<readonly ListedSession[]> {
  const { sessions } = await arena.watch.operator.sessions(portOf(arena));
  return REPLICAS.map((name) => {
    const found = sessions.find(({ replica }) => replica === name);
    if (found === undefined) throw new Error(`${name} serves nobody: the fault is none`);
    return found;
  });
}

function portOf(arena: FleetArena): number {
  return arena.edge('a').ports.control;
}

async function kicks({ arena, begin }: FleetScene): Promise<void> {
  const sessions = await oneOfEach(arena);
  begin();
  const kick = { reason: 'fault' };
  await Promise.all(
    sessions.map(({ uid }) => arena.watch.operator.call(portOf(arena), 'POST', `/v1/sessions/${uid}:kick`, kick)),
  );
}

async function blocks({ arena, begin }: FleetScene): Promise<void> {
  const sessions = await oneOfEach(arena);
  begin();
  await Promise.all(
    sessions.map(({ meetupId }) => {
      const block = { meetupId, duration: `${KEPT_OUT_MS / 1000}s`, reason: 'fault' };
      return arena.watch.operator.call(portOf(arena), 'POST', '/v1/blocks', block);
    }),
  );
  await delay(KEPT_OUT_MS);
}

export const faultsOfFleetOperators: readonly FleetFault[] = [
  {
    name: 'a session of each replica is kicked through one Envoy',
    form: 'long',
    inject: kicks,
    allowed: [see.kicked, see.gone],
    expected: [see.kicked],
    bounds: { recovery: BACK_MS, told: REACHED_MS },
  },
  {
    name: 'a meetup of each replica is blocked through one Envoy for 2 s',
    form: 'long',
    inject: blocks,
    allowed: [see.blocked, see.gone],
    expected: [see.blocked],
    bounds: { recovery: BACK_MS, told: REACHED_MS },
  },
  {
    name: 'the policy of all replicas denies half of the meetups for 2 s',
    form: 'long',
    inject: denial,
    allowed: [see.denied, see.gone],
    expected: [see.denied],
    bounds: { recovery: BACK_MS, told: REACHED_MS },
  },
  {
    name: 'a certificate is revoked at all replicas, and taken from the list again',
    form: 'long',
    inject: revocation,
    allowed: [see.revoked, see.gone, see.broke],
    expected: [see.revoked],
    bounds: { recovery: BACK_MS, told: REACHED_MS },
  },
];
