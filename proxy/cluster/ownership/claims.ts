/**
 * One meetup of this replica.
 * - `held`: the store has its claim under the present incarnation.
 * - `unasserted`: the store has, or had, its claim under an earlier incarnation; it is put anew until the store has answered.
 * - `lost`: another replica has it; only connections that were told `here` before keep it in the table.
 */
export interface HeldMeetup {
  readonly meetupId: string;
  readonly state: 'held' | 'unasserted' | 'lost';
  /** Connections that were told `here` and have not left. */
  readonly users: number;
  /** Number of the claim's last write that is known: what fences it. */
  readonly sequence: number;
  /** When it was written, steady clock. */
  readonly writtenAt: number;
}

type Entry = { -readonly [K in keyof HeldMeetup]: HeldMeetup[K] };

/** The meetups of this replica. It has as many as the door lets connections in, and those that end while it is detached. */
export class Claims {
  readonly #entries = new Map<string, Entry>();
  readonly #left: (meetupId: string) => void;
  #lost = 0;
  #unasserted = 0;

  /** @param left called for each meetup that is forgotten: its claim may stand in the store until it is released there */
  constructor(left: (meetupId: string) => void = () => {}) {
    this.#left = left;
  }

  /** Meetups that are held or unasserted. */
  get size(): number {
    return this.#entries.size - this.#lost;
  }

  /** Claims that the store does not have under the present incarnation, as far as is known. */
  get unasserted(): number {
    return this.#unasserted;
  }

  /** True while the meetup is this replica's, as far as it knows. */
  has(meetupId: string): boolean {
    const entry = this.#entries.get(meetupId);
    return entry !== undefined && entry.state !== 'lost';
  }

  /** Whether that very entry is still in the table and not lost. */
  keeps(held: HeldMeetup): boolean {
    return held.state !== 'lost' && this.#entries.get(held.meetupId) === held;
  }

  /** Counts one connection more at a meetup of this replica; false where it is not this replica's. */
  enter(meetupId: string): boolean {
    const entry = this.#entries.get(meetupId);
    if (entry === undefined || entry.state === 'lost') return false;
    entry.users += 1;
    return true;
  }

  /** Counts one connection less. Returns the meetup if nobody is left. */
  leave(meetupId: string): HeldMeetup | undefined {
    const entry = this.#entries.get(meetupId);
    if (entry === undefined || entry.users === 0) return undefined;
    entry.users -= 1;
    if (entry.users > 0) return undefined;
    if (entry.state !== 'held') this.drop(entry);
    return entry;
  }

  /** Takes a meetup whose claim was written, for that many connections. Those of a time before it was lost count on. */
  took(meetupId: string, sequence: number, users: number, now: number): void {
    const entry = this.#entries.get(meetupId) ?? { meetupId, state: 'held', users: 0, sequence, writtenAt: now };
    this.#entries.set(meetupId, entry);
    this.#move(entry, 'held');
    entry.users += users;
    entry.sequence = sequence;
    entry.writtenAt = now;
  }

  /** The claim was written anew under the present incarnation. */
  wrote(held: HeldMeetup, sequence: number, now: number): void {
    const entry = this.#own(held);
    if (entry === undefined) return;
    this.#move(entry, 'held');
    entry.sequence = sequence;
    entry.writtenAt = now;
  }

  /** The claim was written under an incarnation that has ended meanwhile: only its number is of use. */
  learned(held: HeldMeetup, sequence: number): void {
    const entry = this.#own(held);
    if (entry !== undefined) entry.sequence = sequence;
  }

  /** Another replica has the meetup. */
  lose(held: HeldMeetup): void {
    const entry = this.#own(held);
    if (entry === undefined) return;
    if (entry.users === 0) this.drop(entry);
    else this.#move(entry, 'lost');
  }

  /** Forgets a meetup. */
  drop(held: HeldMeetup): void {
    const entry = this.#own(held);
    if (entry === undefined) return;
    this.#move(entry, 'held');
    this.#entries.delete(held.meetupId);
    this.#left(held.meetupId);
  }

  /** A new incarnation has begun: every claim must be put anew, except those that nobody uses. */
  unassert(): void {
    for (const entry of this.#entries.values()) {
      if (entry.users === 0) this.drop(entry);
      else if (entry.state === 'held') this.#move(entry, 'unasserted');
    }
  }

  /** The meetups that satisfy a condition, at this moment. */
  those(condition: (held: HeldMeetup) => boolean): readonly HeldMeetup[] {
    return [...this.#entries.values()].filter(condition);
  }

  #own(held: HeldMeetup): Entry | undefined {
    const entry = this.#entries.get(held.meetupId);
    return entry === held ? entry : undefined;
  }

  /** The one function that moves a meetup's state, and what is counted of it. */
  #move(entry: Entry, to: HeldMeetup['state']): void {
    if (entry.state === 'unasserted') this.#unasserted -= 1;
    if (entry.state === 'lost') this.#lost -= 1;
    entry.state = to;
    if (to === 'unasserted') this.#unasserted += 1;
    if (to === 'lost') this.#lost += 1;
  }
}
