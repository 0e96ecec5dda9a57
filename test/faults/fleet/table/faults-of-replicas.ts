import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../../../../dev/wait.js';
import { OTHER_RELEASES } from '../../../support/other-releases.js';
import { type History, SIDES, steadyNow } from '../../judge/history.js';
import { seconds } from '../../report.js';
import { type Aftermath, PATIENCE } from '../../table/fault.js';
import { see } from '../../table/see.js';
import { REPLICAS, SPARE } from '../arena/fleet-plan.js';
import { allPaired, backAfter, lateIn } from '../peers-back.js';
import { BACK_MS, type FleetFault, type FleetScene, relayedAfter, touchedBy, VICTIM } from './fleet-fault.js';
import { Visitors } from './visitors.js';

/** Milliseconds for which a replica is stopped. */
const STOPPED_MS = 30_000;
/** Milliseconds within which others serve the meetups of one that stands still. */
const REPLACED_MS = 12_000;
/** Milliseconds within which it knows that it has lost them, once it goes on. */
const GIVEN_UP_MS = 10_000;
/** Meetups that visitors take from it meanwhile. */
const TAKEN = 3;

/** A replica is killed, all come back without it, and it is started again. */
async function killed(scene: FleetScene): Promise<Aftermath> {
  const { arena, begin, canComeBack } = scene;
  await touchedBy(scene, VICTIM);
  begin();
  canComeBack();
  const { late } = await backAfter(scene, () => arena.end(VICTIM, 'SIGKILL'), BACK_MS);
  await arena.revive(VICTIM);
  await arena.allFind(REPLICAS.length);
  return { late };
}

/** A replica is told to stop, and all come back without it. */
async function drained(scene: FleetScene): Promise<Aftermath> {
  const { arena, begin, canComeBack } = scene;
  await touchedBy(scene, VICTIM);
  begin();
  canComeBack();
  const { late } = await backAfter(scene, () => arena.end(VICTIM, 'SIGTERM'), BACK_MS);
  await arena.revive(VICTIM);
  return { late };
}

/** Each replica in turn is told to stop, and begins anew as another release: both are side by side until the last. */
async function upgraded({ arena, begin, seats }: FleetScene): Promise<void> {
  const [other] = OTHER_RELEASES;
  if (other === undefined) throw new Error('there is no other release');
  arena.files.bin = other.make(arena.files.scratch);
  begin();
  for (const name of REPLICAS) {
    await arena.end(name, 'SIGTERM');
    await arena.revive(name);
    await arena.allFind(REPLICAS.length);
    await allPaired(arena, seats.manager.length, PATIENCE * BACK_MS);
  }
}

/**
 * A replica stands still. Half of the pairs come anew at once, and visitors take some meetups whose pairs are still connected to it. When
 * it goes on, nothing that those pairs have sent since may be passed any more.
 */
async function stopped(scene: FleetScene): Promise<Aftermath> {
  const { arena, begin, canComeBack, seats } = scene;
  const { part } = arena.replica(VICTIM);
  const served = await touchedBy(scene, VICTIM);
  // Deployed peers do not look whether the proxy still lives: they stay as long as nobody ends their connections.
  const stays = new Set(
    seats.manager.flatMap(({ kind, meetup }, at) =>
      kind === 'deployed' && seats.gateway[at]?.kind === 'deployed' && at % 2 === 1 ? [meetup] : [],
    ),
  );
  const taken = served
    .map(({ meetupId }) => meetupId)
    .filter((meetup) => stays.has(meetup))
    .slice(0, TAKEN);
  if (taken.length === 0) throw new Error(`no pair of deployed peers sits at ${VICTIM}: the fault is none`);
  begin();
  const before = steadyNow();
  let sent = before;
  const visited = Promise.all(taken.map((meetup) => Visitors.meet(arena, meetup, PATIENCE * REPLACED_MS)));
  await backAfter(
    scene,
    async () => {
      part.signal('SIGSTOP');
      sent = steadyNow();
      await Promise.all(SIDES.map((side) => arena.crowds[side].order({ t: 'reset', share: 2 })));
    },
    REPLACED_MS,
  );
  const replaced = steadyNow() - before;
  const visitors = await visited;
  await delay(before + STOPPED_MS - steadyNow());
  const after = steadyNow();
  part.signal('SIGCONT');
  canComeBack();
  // Visitors that leave before it knows would leave their meetups to it again.
  await gaveUp(scene, taken);
  await Promise.all(visitors.map((one) => one.talk()));
  await Promise.all(visitors.map((one) => one.leave()));
  const slowest = Math.max(replaced, ...visitors.map(({ took }) => took));
  return {
    notes: [`replaced within ${seconds(slowest)} s`],
    late: lateIn('it was replaced', slowest, REPLACED_MS),
    judge: (history: History) => relayedAfter(history, new Set(taken), { before, after, sent }),
  };
}

/** Resolves when the replica is in the fleet again, serves those that nobody took, and none of these meetups. */
function gaveUp({ arena }: FleetScene, meetups: readonly string[]): Promise<true> {
  const never = new AbortController().signal;
  return waitFor(`${VICTIM} still serves what others took over`, GIVEN_UP_MS, never, async () => {
    const { sessions } = await arena.watch.operator.sessions(arena.edge('a').ports.control);
    // While it counts as dead it is in no list.
    const served = sessions.filter(({ replica }) => replica === VICTIM).map(({ meetupId }) => meetupId);
    return served.length === 0 || served.some((meetup) => meetups.includes(meetup)) ? undefined : true;
  });
}

/** Two replicas, and then four; whoever the list lacks is drained. */
async function scaled(scene: FleetScene): Promise<Aftermath> {
  const { arena, begin } = scene;
  const [first, , third] = REPLICAS;
  begin();
  await arena.list([first, third]);
  const fewer = await backAfter(scene, () => arena.end(VICTIM, 'SIGTERM'), BACK_MS);
  await Promise.all([arena.revive(VICTIM), arena.revive(SPARE)]);
  await arena.list([...REPLICAS, SPARE]);
  const more = await backAfter(scene, () => arena.crowds.gateway.order({ t: 'reset', share: 2 }), BACK_MS);
  return { late: [...fewer.late, ...more.late] };
}

export const faultsOfReplicas: readonly FleetFault[] = [
  {
    name: 'a replica is killed (SIGKILL), and the others go on',
    form: 'short',
    inject: killed,
    allowed: [see.broke, see.gone, see.unplaced, see.unavailable],
    bounds: { recovery: BACK_MS, told: 5_000 },
  },
  {
    name: 'a replica is told to stop (SIGTERM), under 500 calls a second',
    form: 'long',
    inject: drained,
    allowed: [see.restarts, see.unavailable, see.unplaced],
    bounds: { recovery: BACK_MS, told: 5_000, callsEndedOfOurs: 0 },
    everyMs: 128,
  },
  {
    name: 'the replicas are replaced by those of another release, one after the other, under 500 calls a second',
    form: 'long',
    inject: upgraded,
    allowed: [see.restarts, see.gone, see.unavailable, see.unplaced],
    bounds: { recovery: BACK_MS, callsEndedOfOurs: 0 },
    arena: {},
    everyMs: 128,
  },
  {
    name: 'a replica stands still for 30 s (SIGSTOP), and half of the pairs come anew meanwhile',
    form: 'long',
    inject: stopped,
    allowed: [
      ...[see.silent, see.broke, see.gone, see.unheard, see.deposed, see.unplaced],
      ...[see.unavailable, see.noAnswer, see.full],
    ],
    expected: [see.deposed],
    bounds: { recovery: 20_000, oneSided: STOPPED_MS + 25_000 },
    pairs: 48,
    everyMs: 500,
  },
  {
    name: 'three replicas become two, and then four',
    form: 'long',
    inject: scaled,
    allowed: [see.restarts, see.unavailable, see.unplaced, see.gone, see.silent, see.broke],
    bounds: { recovery: BACK_MS },
    arena: {},
  },
];
