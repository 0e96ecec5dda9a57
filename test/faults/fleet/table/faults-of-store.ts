import { setTimeout as delay } from 'node:timers/promises';
import { seconds } from '../../report.js';
import { type Aftermath, PATIENCE } from '../../table/fault.js';
import { lateIn } from '../peers-back.js';
import type { FleetFault, FleetScene } from './fleet-fault.js';
import { thirdsLetIn, Visitors } from './visitors.js';

/** Milliseconds for which NATS is away. */
const AWAY_MS = 12_000;
/** Milliseconds within which newcomers meet again once NATS is there. */
const BACK_MS = 10_000;
/** Meetups at which a third one tries to sit. */
const TRIED = 4;

/** NATS is killed and comes back; who comes meanwhile meets then. */
async function away({ arena, seats, begin }: FleetScene): Promise<Aftermath> {
  begin();
  await arena.nats.kill();
  await delay(AWAY_MS);
  await arena.nats.start();
  const visitors = await Visitors.meet(arena, 'sub/kept/visitors', PATIENCE * BACK_MS);
  await visitors.talk();
  const wrong = await thirdsLetIn(
    arena,
    seats.manager.slice(0, TRIED).map(({ meetup }) => meetup),
  );
  await visitors.leave();
  const { took } = visitors;
  return {
    notes: [`newcomers met ${seconds(took)} s after NATS was back`],
    late: lateIn('newcomers met', took, BACK_MS),
    judge: () => wrong,
  };
}

/** NATS loses all that it stored. */
async function wiped({ arena, seats, begin }: FleetScene): Promise<Aftermath> {
  begin();
  await arena.nats.wipe();
  const asserted = await arena.watch.asserted(seats.manager.length);
  return { notes: [`all meetups were claimed anew ${seconds(asserted)} s after that`] };
}

/** NATS stands still, with all connections open. */
async function frozen({ arena, begin }: FleetScene): Promise<Aftermath> {
  begin();
  arena.nats.freeze();
  await delay(AWAY_MS);
  arena.nats.thaw();
  const visitors = await Visitors.meet(arena, 'sub/kept/visitors', PATIENCE * BACK_MS);
  await visitors.leave();
  const { took } = visitors;
  return {
    notes: [`newcomers met ${seconds(took)} s after NATS went on`],
    late: lateIn('newcomers met', took, BACK_MS),
  };
}

export const faultsOfStore: readonly FleetFault[] = [
  {
    name: 'NATS is killed (SIGKILL) and back after 12 s',
    form: 'long',
    inject: away,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
    // A NATS of its own: what a replica that an earlier fault ended had given back would be there again, and it has nobody to look for it.
    arena: {},
  },
  {
    name: 'NATS loses all that it stored',
    form: 'long',
    inject: wiped,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'NATS stands still for 12 s (SIGSTOP)',
    form: 'long',
    inject: frozen,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
];
