/** A replica that serves a meetup, as the one that asks knows it. */
export interface Owner {
  /** Name of one run of a replica: new at each start, and whenever the others have declared it dead. */
  readonly incarnation: string;
  /** The replica's name, for people. */
  readonly replica: string;
  /** Address of its hop listener: `unix:PATH` or `HOST:PORT`. */
  readonly address: string;
}

/** Where a meetup is served, as far as this replica can tell. */
export type Placement =
  /** Here: the one who asked owes one `leave`. */
  | { readonly t: 'here' }
  /** On another replica: the connection is handed on to it in one hop. Nothing is owed. */
  | { readonly t: 'there'; readonly owner: Owner }
  /** It cannot be told at present: the connection is refused and comes again. Nothing is owed. */
  | { readonly t: 'nowhere'; readonly detail: string };

/** What a hop that failed showed of the replica that was thought to be the owner. */
export interface HopEvidence {
  readonly owner: Owner;
  /**
   * `refused`: nobody listens at its address. `replaced`: another incarnation answered there. `silent`: no answer in time, or the way to
   * it is cut. `moved`: it answered that it does not serve this meetup.
   */
  readonly fault: 'refused' | 'replaced' | 'silent' | 'moved';
}

/** Tells which replica serves a meetup, and takes free meetups for this one. */
export interface Locator {
  /** True while pairs may be made here: a replica that may have been declared dead makes none. Asked at each second HELLO. */
  readonly mayPair: boolean;
  /** Name of this run of this replica, which hops carry. */
  readonly incarnation: string;
  /** Finds or takes the meetup. With evidence, the one who asks has just failed to reach the owner that an earlier answer named. Never rejects. */
  locate(meetupId: string, evidence?: HopEvidence): Placement | Promise<Placement>;
  /**
   * False once this replica has lost a meetup that it held: what was told `here` before holds no longer. Asked after each wait, before a
   * connection is accepted; who is connected by then is ended as `deposed`.
   */
  serves(meetupId: string): boolean;
  /** Says that one connection that was told `here` is gone. After the last one the meetup is free. */
  leave(meetupId: string): void;
}

/** The locator of a replica that is alone: every meetup is here. */
export const ALWAYS_HERE: Locator = {
  mayPair: true,
  incarnation: '',
  locate: () => HERE,
  serves: () => true,
  leave: () => {},
};

const HERE: Placement = { t: 'here' };
