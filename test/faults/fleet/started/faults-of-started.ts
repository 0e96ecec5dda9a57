import { setTimeout as delay } from 'node:timers/promises';
import { STABLE_MS } from '../../../../peer/state.js';
import { seconds } from '../../report.js';
import type { Fault, Scene } from '../../table/fault.js';
import { see } from '../../table/see.js';
import { allPaired, backAfter } from '../peers-back.js';
import type { StartedFleet } from './started-fleet.js';

export type StartedFault = Fault<StartedFleet, never>;
type StartedScene = Scene<StartedFleet>;

/** How much is asked of the fleet. */
interface Measure {
  readonly pairs: number;
  readonly calls: number;
  /** Milliseconds between two calls of a peer. */
  readonly everyMs: number;
  /** The parts that are killed, one after the other. */
  readonly killed: readonly string[];
}

/** Milliseconds within which every pair is back after a part was killed, where the machine has time for it. */
const BACK_MS = 10_000;
/** The same where it has not: so many times as long as their handshakes alone take it. */
const OF_HANDSHAKES = 8;
/** Milliseconds for which pairs are waited for, so that their time is known. */
const PATIENCE_MS = 60_000;
/** Milliseconds for which nobody may feel that NATS was killed: until after it has been started again. */
const UNFELT_MS = 6_000;
/** Milliseconds for all calls, for each of them: far more than they take. */
const CALLS_MS = 5;
const LEAST_MS = 60_000;

/** So many calls, and nothing happens. */
function called(calls: number): StartedFault['inject'] {
  return async ({ arena, begin }) => {
    begin();
    const late = AbortSignal.timeout(LEAST_MS + calls * CALLS_MS);
    const { manager, gateway } = arena.crowds;
    const answered = (): number => manager.status.answered + gateway.status.answered;
    await Promise.all([manager, gateway].map((crowd) => crowd.until(() => answered() >= calls, late)));
    return { notes: [`${answered().toLocaleString('en-US')} calls were answered before it ended`] };
  };
}

/**
 * Each of the parts is killed under load, once all that was killed before runs again and peers have been there for so long that they begin
 * their pauses anew: each fault is one by itself.
 */
function killedInTurn(names: readonly string[]): StartedFault['inject'] {
  return async (scene) => {
    const { arena, begin } = scene;
    const notes: string[] = [];
    const late: string[] = [];
    begin();
    for (const [at, name] of names.entries()) {
      if (at > 0) await delay(STABLE_MS);
      const { note, isLate } = await (name === 'nats' ? unfelt(scene) : felt(scene, name)).catch((error: Error) => {
        throw new Error(`${[...notes, name].join('; ')}: ${error.message}`);
      });
      notes.push(`${name}: ${note}`);
      if (isLate) late.push(`${name}: ${note}; the bound is ${OF_HANDSHAKES} times that, or ${seconds(BACK_MS)} s`);
      await arena.whole();
      await allPaired(arena, scene.seats.manager.length, PATIENCE_MS);
    }
    return { notes, late };
  };
}

/** What became of the pairs as a part was killed. */
interface Felt {
  readonly note: string;
  readonly isLate: boolean;
}

async function felt(scene: StartedScene, name: string): Promise<Felt> {
  const { took } = await backAfter(scene, async () => scene.arena.kill(name), PATIENCE_MS);
  const alone = await scene.handshakes();
  const note = `all pairs back after ${seconds(took)} s, handshakes alone ${seconds(alone)} s`;
  return { note, isLate: took > Math.max(BACK_MS, OF_HANDSHAKES * alone) };
}

async function unfelt({ arena }: StartedScene): Promise<Felt> {
  const { manager, gateway } = arena.crowds;
  const losses = (): number => manager.status.losses + gateway.status.losses;
  const before = losses();
  arena.kill('nats');
  await delay(UNFELT_MS);
  if (losses() > before) throw new Error(`${losses() - before} peers lost their connection as NATS was killed`);
  return { note: 'no pair felt it', isLate: false };
}

function faultsOf({ pairs, calls, everyMs, killed }: Measure): readonly StartedFault[] {
  const talk = { pairs, everyMs, paddingChars: 400, isOurs: true, form: 'short' } as const;
  return [
    {
      ...talk,
      name: `${pairs.toLocaleString('en-US')} split pairs make ${calls.toLocaleString('en-US')} calls`,
      inject: called(calls),
      allowed: [],
      bounds: { recovery: BACK_MS, callsEnded: 0 },
    },
    {
      ...talk,
      name: `${killed.join(', ')} of ${pairs.toLocaleString('en-US')} split pairs are killed (SIGKILL), one after the other`,
      inject: killedInTurn(killed),
      // A machine that is busy with other work may miss pongs.
      allowed: [
        ...[see.broke, see.gone, see.silent, see.unheard, see.noAnswer],
        ...[see.unplaced, see.unavailable, see.full],
      ],
      bounds: { recovery: BACK_MS, hello: BACK_MS, oneSided: PATIENCE_MS },
    },
  ];
}

/** What `npm test` asks. */
export const fewStarted = faultsOf({
  ...{ pairs: 24, calls: 2_000, everyMs: 100 },
  killed: ['replica-2', 'envoy-1', 'nats'],
});
/** What is asked where there is time. */
export const allStarted = faultsOf({
  ...{ pairs: 500, calls: 100_000, everyMs: 1_000 },
  killed: ['replica-1', 'replica-2', 'replica-3', 'envoy-1', 'envoy-2', 'nats'],
});
