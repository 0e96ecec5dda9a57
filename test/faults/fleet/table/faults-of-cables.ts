import { setTimeout as delay } from 'node:timers/promises';
import { type History, steadyNow } from '../../judge/history.js';
import { seconds } from '../../report.js';
import { type Aftermath, PATIENCE } from '../../table/fault.js';
import { see } from '../../table/see.js';
import { NATS, REPLICAS } from '../arena/fleet-plan.js';
import { lateIn } from '../peers-back.js';
import { BACK_MS, type FleetFault, type FleetScene, relayedAfter, touchedBy, VICTIM } from './fleet-fault.js';
import { thirdsLetIn, Visitors } from './visitors.js';

/** Milliseconds for which replicas do not reach each other: shorter than a peer's pong is waited for. */
const SHORT_MS = 5_000;
/** Milliseconds after which others count as dead who do not renew, with all that belongs to it. */
const DEAD_MS = 15_000;
/** Milliseconds after which pairs have ended that end: before their replica may count as dead, and what a busy machine adds to that. */
const ENDED_MS = 12_000;
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
  const visitors = await Visitors.meet(arena, 'sub/kept/visitors', PATIENCE * BACK_MS);
  await visitors.leave();
  await arena.cut();
  await arena.allFind(REPLICAS.length);
  const { took } = visitors;
  return {
    notes: [`newcomers met elsewhere within ${seconds(took)} s`],
    late: lateIn('newcomers met elsewhere', took, BACK_MS),
    judge: () => wrong,
  };
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

/** Whether the pairs of that replica go on beside those that others may have made of their meetups by now. */
type Lost = 'keep' | 'end';

/** One replica reaches nobody, and is reached by its own Envoys alone; some of its peers come anew meanwhile. */
async function fromAll(scene: FleetScene, lost: Lost): Promise<Aftermath> {
  const { arena, begin } = scene;
  const served = new Set((await touchedBy(scene, VICTIM)).map(({ meetupId }) => meetupId));
  begin();
  const before = steadyNow();
  await arena.cut([VICTIM, '*']);
  await arena.crowds.gateway.order({ t: 'reset', share: 4 });
  await delay(DEAD_MS);
  const until = steadyNow();
  await arena.cut();
  await arena.allFind(REPLICAS.length);
  const judge = (history: History): readonly string[] => {
    const relayed = relayedAfter(history, served, { before, after: before + ENDED_MS, until });
    if (lost === 'end') return relayed;
    return relayed.length === 0 ? [`no pair of ${VICTIM} went on while it was cut off`] : [];
  };
  return { judge };
}

function cutOff(lost: Lost): Pick<FleetFault, 'inject' | 'form' | 'bounds'> {
  return {
    form: 'long',
    inject: (scene) => fromAll(scene, lost),
    bounds: { recovery: 30_000, oneSided: DEAD_MS + 25_000, hello: DEAD_MS + 25_000 },
  };
}
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
    ...cutOff('keep'),
    allowed: [...seenWhenCutOff, see.deposed],
  },
  {
    name: 'a replica is cut off from NATS and the others for 15 s, and its pairs end (--cluster-lost end)',
    ...cutOff('end'),
    allowed: [...seenWhenCutOff, see.deposed],
    expected: [/^1012 cannot tell which replica/],
    arena: { flags: ['--cluster-lost', 'end'] },
  },
];
