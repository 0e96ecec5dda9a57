import { type History, SIDES, type Side } from '../judge/history.js';
import type { CrowdOrder } from './crowd-order.js';
import { CrowdProcess } from './crowd-process.js';

/**
 * Has a tenth of the processor that others get: in the field newcomers have machines of their own, and what they cost here must not be
 * taken for what the proxy does about them. Linux may weigh sessions against each other, and what a process asks for only inside its own.
 */
const LAST = '{ echo 10 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 10 "$@"';
const AFTER_OTHERS = ['sh', '-c', LAST, 'sh'];
/** Milliseconds until all of them are paired, on a machine that does other work besides. */
const COME_MS = 180_000;

type Orders = Readonly<Record<Side, Extract<CrowdOrder, { readonly t: 'begin' }>>>;

/** Peers that come beside those of the arena, and go. */
export class Newcomers {
  readonly #crowds: Readonly<Record<Side, CrowdProcess>>;

  /** @param log names the file of each side's log */
  constructor(log: (name: string) => string, env: NodeJS.ProcessEnv) {
    const crowd = (side: Side): CrowdProcess => new CrowdProcess(log(`new-${side}s`), env, AFTER_OTHERS);
    this.#crowds = { manager: crowd('manager'), gateway: crowd('gateway') };
  }

  async up(): Promise<void> {
    await Promise.all(Object.values(this.#crowds).map((crowd) => crowd.up()));
  }

  /** Envoy itself refuses as many, which dial at once; resolves when all have their answer. */
  async knock(orders: Orders): Promise<void> {
    await Promise.all(SIDES.map((side) => this.#crowds[side].order({ ...orders[side], t: 'knock' })));
  }

  /** All dial at once; resolves when all are paired. */
  async come(orders: Orders): Promise<void> {
    await Promise.all(SIDES.map((side) => this.#crowds[side].order(orders[side])));
    const late = AbortSignal.timeout(COME_MS);
    const all = (side: Side): number => orders[side].seats.length;
    await Promise.all(SIDES.map((side) => this.#crowds[side].until(({ paired }) => paired === all(side), late)));
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
