import { setTimeout as delay } from 'node:timers/promises';
import { seconds } from '../../report.js';
import type { Aftermath } from '../../table/fault.js';
import { see } from '../../table/see.js';
import { NATS, REPLICAS } from '../arena/fleet-plan.js';
import { BACK_MS, type FleetFault, type FleetScene, touchedBy, VICTIM } from './fleet-fault.js';
import { thirdsLetIn, Visitors } from './visitors.js';

/** Milliseconds for which replicas do not reach each other: shorter than a peer's pong is waited for. */
const SHORT_MS = 5_000;
/** Milliseconds after which others count as dead who do not renew, with all that belongs to it. */
const DEAD_MS = 15_000;
/** Meetups at which a third one tries to sit. */
const TRIED = 4;

/** One replica loses NATS and nothing else. */
async function fromStore(scene: FleetScene): Promise<Aftermath> {
  const { arena, begin } = scene;
  const served = await touchedBy(scene, VICTIM);
  begin();
  await arena.cut([VICTIM, NATS]);
  await arena.allFind(2);
  const wrong = await thirdsLetIn(
    arena,
    served.slice(0, TRIED).map(({ meetupId }) => meetupId),
  );
  const visitors = await Visitors.meet(arena, 'sub/kept/visitors', BACK_MS);
  await visitors.leave();
  await arena.cut();
  await arena.allFind(REPLICAS.length);
  return { notes: [`newcomers met elsewhere within ${seconds(visitors.took)} s`], judge: () => wrong };
}

/** One replica reaches NATS, and no other replica reaches it nor is reached by it. */
async function fromOthers(scene: FleetScene): Promise<void> {
  const { arena, begin } = scene;
  await touchedBy(scene, VICTIM);
  begin();
  await arena.cut(...REPLICAS.filter((name) => name !== VICTIM).map((name) => [VICTIM, name] as const));
  await delay(SHORT_MS);
  await arena.cut();
}

/** One replica reaches nobody, and is reached by its own Envoys alone; some of its peers come anew meanwhile. */
async function fromAll(scene: FleetScene): Promise<void> {
  const { arena, begin } = scene;
  await touchedBy(scene, VICTIM);
  begin();
  await arena.cut([VICTIM, '*']);
  await arena.crowds.gateway.order({ t: 'reset', share: 4 });
  await delay(DEAD_MS);
  await arena.cut();
  await Promise.all([arena.finds('a', REPLICAS.length), arena.finds('b', REPLICAS.length)]);
}

const cutOff: Pick<FleetFault, 'inject' | 'form' | 'bounds'> = {
  form: 'long',
  inject: fromAll,
  bounds: { recovery: 30_000, oneSided: DEAD_MS + 25_000, hello: DEAD_MS + 25_000 },
};
const seenWhenCutOff = [see.gone, see.broke, see.silent, see.unheard, see.unplaced, see.unavailable, see.full];

export const faultsOfCables: readonly FleetFault[] = [
  {
    name: 'a replica is cut off from NATS',
    form: 'long',
    inject: fromStore,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'a replica is cut off from the other replicas for 5 s',
    form: 'long',
    inject: fromOthers,
    allowed: [],
    bounds: { recovery: BACK_MS, callsEnded: 0 },
  },
  {
    name: 'a replica is cut off from NATS and the others for 15 s, and its pairs go on (--cluster-lost keep)',
    ...cutOff,
    allowed: [...seenWhenCutOff, see.deposed],
  },
  {
    name: 'a replica is cut off from NATS and the others for 15 s, and its pairs end (--cluster-lost end)',
    ...cutOff,
    allowed: [...seenWhenCutOff, see.deposed],
    arena: { flags: ['--cluster-lost', 'end'] },
  },
];
