/** The rules of the protocol; a test takes one away to see that it is needed. */
export interface Rules {
  /** A replica that was away makes no pair before it has renewed. */
  readonly clock: boolean;
  /** Death is written on the victim's record, and expects what was judged by. */
  readonly tombstone: boolean;
  /** A replica that runs counts itself out before others may declare it dead. */
  readonly timing: boolean;
  /** A claim stays unasserted until the store has answered. */
  readonly keep: boolean;
  /** A claim of one's own that is found is written again, and not adopted. */
  readonly fence: boolean;
  /** A claim that was written under an incarnation that has ended meanwhile is written again. */
  readonly present: boolean;
  /** A line to the store that breaks detaches. */
  readonly disconnect: boolean;
  /** After a loss of the store free meetups wait until others have asserted theirs. */
  readonly quarantine: boolean;
  /** A claim that may have been left behind stays while a write of that meetup is underway. */
  readonly sweep: boolean;
}

export const ALL: Rules = {
  ...{ clock: true, tombstone: true, timing: true, keep: true },
  ...{ fence: true, present: true, disconnect: true, quarantine: true, sweep: true },
};

/** What is explored. */
export interface World {
  readonly rules: Rules;
  /** Pairs of a replica that is away: they stay, or end (`--cluster-lost`). */
  readonly lost: 'keep' | 'end';
  /** Whether the store may lose everything. */
  readonly wipe: boolean;
  /** Whether the store may be killed and forget its last deletion. */
  readonly forgets: boolean;
}
