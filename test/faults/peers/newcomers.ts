import { type History, SIDES, type Side } from '../judge/history.js';
import type { CrowdOrder } from './crowd-order.js';
import { CrowdProcess } from './crowd-process.js';

/**
 * Runs only while nothing else wants the processor: in the field newcomers have machines of their own, and what they cost here must not
 * be taken for what the proxy does about them.
 */
const WHEN_IDLE = ['chrt', '--idle', '0'];

/** Peers that come beside those of the arena, and go. */
export class Newcomers {
  readonly #crowds: Readonly<Record<Side, CrowdProcess>>;

  /** @param log names the file of each side's log */
  constructor(log: (name: string) => string, env: NodeJS.ProcessEnv) {
    const crowd = (side: Side): CrowdProcess => new CrowdProcess(log(`new-${side}s`), env, WHEN_IDLE);
    this.#crowds = { manager: crowd('manager'), gateway: crowd('gateway') };
  }

  async up(): Promise<void> {
    await Promise.all(Object.values(this.#crowds).map((crowd) => crowd.up()));
  }

  /** All dial at once; resolves when all are paired. */
  async come(orders: Readonly<Record<Side, Extract<CrowdOrder, { readonly t: 'begin' }>>>): Promise<void> {
    await Promise.all(SIDES.map((side) => this.#crowds[side].order(orders[side])));
    await Promise.all(
      SIDES.map((side) => this.#crowds[side].until(({ paired }) => paired === orders[side].seats.length)),
    );
  }

  /** What they saw so far. They must not send anything meanwhile. */
  async history(file: (name: string) => string): Promise<History> {
    const all = await Promise.all(SIDES.map((side) => this.#crowds[side].save(file(`history.new-${side}s.json`))));
    return { entries: all.flatMap(({ entries }) => entries), end: Math.min(...all.map(({ end }) => end)) };
  }

  /** All lose their line at one moment: the system itself ends their connections. */
  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#crowds).map((crowd) => crowd.stop()));
  }
}
