import { moves } from './moves.js';
import { normal } from './normal.js';
import type { World } from './rules.js';
import { type Bounds, beginning, keyOf, type ReplicaState, type State } from './state.js';
import { FOR_GOOD, UNTIL_HEALED, UNTIL_RENEWAL } from './wrong.js';

export interface Exploration {
  readonly states: number;
  /** Each kind of thing that went wrong, with the shortest way to it. */
  readonly wrong: ReadonlyMap<string, readonly string[]>;
}

interface Node {
  readonly state: State;
  readonly before: Node | undefined;
  readonly move: string;
}

/** Most states of one exploration. */
const MAX_STATES = 4_000_000;

/** Goes through every order of events from the beginning on, breadth first; no further than to something wrong of that name, if one is given. */
export function explore(world: World, bounds: Bounds, until?: string): Exploration {
  const queue: Node[] = [{ state: beginning(bounds), before: undefined, move: '' }];
  const seen = new Set<string>();
  const wrong = new Map<string, readonly string[]>();
  for (const node of queue) {
    const fault = node.state.wrong ?? sideBySide(node.state);
    if (fault !== undefined && !wrong.has(fault)) wrong.set(fault, wayTo(node));
    if (fault !== undefined && fault === until) break;
    // What follows from a pair that should not be proves nothing more.
    if (node.state.wrong === undefined) queue.push(...following(node, world, seen));
    if (seen.size > MAX_STATES) throw new Error(`more than ${MAX_STATES} states`);
  }
  return { states: seen.size, wrong };
}

/** The states that come next, and were not seen before. */
function* following(node: Node, world: World, seen: Set<string>): Generator<Node> {
  for (const [move, to] of moves(node.state, world)) {
    const state = normal(to);
    const key = keyOf(state);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { state, before: node, move };
  }
}

/** Two pairs at one meetup, at one time, and whether that ends by itself. */
function sideBySide(state: State): string | undefined {
  const pairs = state.replicas.filter(({ seats, life }) => seats === 2 && life === 'runs');
  if (pairs.length < 2) return undefined;
  const warned = pairs.filter((one) => learnsSoon(state, one));
  if (warned.length === 0) return FOR_GOOD;
  return warned.every(({ online }) => online) ? UNTIL_RENEWAL : UNTIL_HEALED;
}

/** Whether it learns by its next renewal that it has lost its claim. */
function learnsSoon({ records }: State, { incarnation, unasserted, write }: ReplicaState): boolean {
  return records[incarnation]?.is !== 'alive' || unasserted || write?.kind === 'assert';
}

function wayTo(node: Node): readonly string[] {
  const way: string[] = [];
  for (let at: Node | undefined = node; at?.before !== undefined; at = at.before) way.unshift(at.move);
  return way;
}
