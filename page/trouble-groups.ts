import type { Ending, Refusal } from './answer.js';

export type Trouble = Refusal | Ending;

/** Troubles of one kind, of one peer, at one place: a peer that tries again and again is one line. */
export interface Group {
  readonly key: string;
  /** The latest. */
  readonly last: Trouble;
  readonly first: number;
  readonly count: number;
}

/** Puts together what is the same but for its time; the latest first. */
export function grouped(troubles: readonly Trouble[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const one of [...troubles].sort((a, b) => a.at - b.at)) {
    const key = JSON.stringify([one.label, one.subject, placeOf(one), one.detail]);
    const group = groups.get(key);
    groups.delete(key);
    groups.set(key, { key, last: one, first: group?.first ?? one.at, count: (group?.count ?? 0) + 1 });
  }
  return [...groups.values()].reverse();
}

/** The request target, or the meetup id. */
export function placeOf(one: Trouble): string {
  return 'target' in one ? one.target : one.meetupId;
}
