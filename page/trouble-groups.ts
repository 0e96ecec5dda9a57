import type { Trouble } from './answer-past.js';

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
    const first = Math.min(group?.first ?? one.first, one.first);
    groups.set(key, { key, last: one, first, count: (group?.count ?? 0) + one.times });
  }
  return [...groups.values()].reverse();
}

/** The meetup id; what was asked for where none was read. */
export function placeOf({ meetupId, target }: Trouble): string {
  return meetupId === '' ? target : meetupId;
}
