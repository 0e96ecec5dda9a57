import type { Clock } from '../../proxy/ports/clock.js';
import type { BridgeRefusal } from '../bridge-refusal.js';
import type { ListedMeetup } from './listed-meetup.js';
import { tooManyMeetups } from './many-refusal.js';
import { Meetup, type MeetupBounds, type MeetupPeer, type Visit } from './meetup.js';

export interface TableBounds extends MeetupBounds {
  /** Meetups at one time, those that open and close included. */
  readonly maxMeetups: number;
}

/** The meetups of a bridge for many, each with one connection at most. */
export class MeetupTable {
  readonly #bounds: TableBounds;
  readonly #clock: Clock;
  readonly #dial: (id: string) => MeetupPeer;
  readonly #meetups = new Map<string, Meetup>();
  #emptied: () => void = () => {};

  /** @param dial makes a connection to the meetup of that id, not started */
  constructor(bounds: TableBounds, clock: Clock, dial: (id: string) => MeetupPeer) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#dial = dial;
  }

  get size(): number {
    return this.#meetups.size;
  }

  /** Lets a call into its meetup, which the first one opens. The id must be a valid one. */
  enter(id: string): Visit | BridgeRefusal {
    const known = this.#meetups.get(id);
    if (known !== undefined) return known.enter();
    const { maxMeetups } = this.#bounds;
    if (this.size >= maxMeetups) this.#makeRoom();
    if (this.size >= maxMeetups) return tooManyMeetups(maxMeetups);
    const made = new Meetup(
      id,
      this.#bounds,
      this.#clock,
      () => this.#dial(id),
      () => this.#forget(id),
    );
    this.#meetups.set(id, made);
    return made.enter();
  }

  /** Every meetup, in the order in which they were opened. */
  list(): ListedMeetup[] {
    return [...this.#meetups.values()].flatMap(({ listed }) => listed);
  }

  /** There is another certificate now. */
  credentialsChanged(): void {
    for (const meetup of [...this.#meetups.values()]) meetup.credentialsChanged();
  }

  /** Closes every connection; resolves when they are gone. No call may come any more. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptied = resolve;
      for (const meetup of [...this.#meetups.values()]) meetup.stop();
      if (this.size === 0) resolve();
    });
  }

  /** A meetup that is refused has no connection: the oldest of them goes first. */
  #makeRoom(): void {
    for (const meetup of this.#meetups.values()) {
      if (meetup.state.kind !== 'refused') continue;
      meetup.forget();
      return;
    }
  }

  #forget(id: string): void {
    this.#meetups.delete(id);
    if (this.size === 0) this.#emptied();
  }
}
