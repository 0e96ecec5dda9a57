import type { Member } from '../../ports/fleet.js';
import type { ReplicaRecord, Store } from '../store.js';

export interface MemberParts {
  readonly store: Store;
  readonly incarnation: () => string;
  /** Whether the store has answered of late; while it has not, nobody waits for it. */
  readonly isCurrent: () => boolean;
  /** What this replica says of itself at present. */
  readonly record: () => ReplicaRecord;
  /** A record with a lower number was not renewed for the time of death; undefined where that cannot be told. */
  readonly floor: () => number | undefined;
}

/** The living replicas as the store has them. Those that renew no more are left out, whether or not anybody has declared them dead. */
export class Members {
  readonly #parts: MemberParts;
  #others: readonly Member[] = [];
  #underway: Promise<readonly Member[]> | undefined;

  constructor(parts: MemberParts) {
    this.#parts = parts;
  }

  members(): Promise<readonly Member[]> {
    this.#underway ??= this.#read().finally(() => {
      this.#underway = undefined;
    });
    return this.#underway;
  }

  async #read(): Promise<readonly Member[]> {
    const { store, isCurrent, record, floor } = this.#parts;
    const records = isCurrent() ? await store.records() : undefined;
    const incarnation = this.#parts.incarnation();
    if (records !== undefined) {
      const least = floor() ?? 0;
      this.#others = [...records]
        .filter(([other, { sequence }]) => other !== incarnation && sequence >= least)
        .map(([other, { value }]) => memberOf(other, value))
        .sort((a, b) => order(a.replica, b.replica) || order(a.incarnation, b.incarnation));
    }
    return [{ ...memberOf(incarnation, record()), self: true }, ...this.#others];
  }
}

/** Whoever has a record of a later form is asked, too: that form has the fields of this one, and the control API grows as it does. */
function memberOf(incarnation: string, { name, control, version, policyDigest }: ReplicaRecord): Member {
  return { incarnation, replica: name, control, version, policyDigest, self: false };
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
