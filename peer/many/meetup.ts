import type { Clock } from '../../proxy/ports/clock.js';
import type { CallPeer } from '../bridge-call.js';
import { type BridgeRefusal, ofFailure } from '../bridge-refusal.js';
import type { PeerConnection } from '../connection.js';
import { PatientCalls } from '../patient-calls.js';
import { RequestFailure } from '../request-failure.js';
import type { State } from '../state.js';
import { WaitingLine } from '../waiting-line.js';
import { type ListedMeetup, listedMeetup } from './listed-meetup.js';
import { CallRefused, meetupRefused, pairLate } from './many-refusal.js';
import { type MeetupMove, type MeetupState, moveMeetup } from './meetup-state.js';

/** The part of a connection that a meetup needs. */
export type MeetupPeer = CallPeer & Pick<PeerConnection, 'observe' | 'start' | 'stop' | 'credentialsChanged'>;

/** Bounds of each meetup. Times in milliseconds. */
export interface MeetupBounds {
  /** Time that a call waits for the other peer while the meetup is opened. */
  readonly wait: number;
  /** Time without a call after which the meetup is closed. */
  readonly idle: number;
  /** Calls of one meetup, those that wait included. */
  readonly maxPerMeetup: number;
  /** Time that a call waits for a session that moves, because the proxy restarts; 0: none waits. */
  readonly hold: number;
}

/** Milliseconds for which a refusal is told without another dial: the policy may change, so it is not told for ever. */
export const REFUSED_MS = 10_000;

/** A connection with the calls that go through it. */
export interface Line {
  readonly peer: MeetupPeer;
  readonly calls: PatientCalls;
}

/** A call's stay at its meetup. */
export interface Visit {
  /** Whether the call has to wait: for the other peer, or for a session that moves. */
  readonly waits: boolean;
  /** Resolves as soon as the call may be made. Rejects with {@link CallRefused}, and with RequestFailure where the caller gave up. */
  ready(signal: AbortSignal): Promise<Line>;
  /** The proxy's refusal, where there is one by now. */
  readonly refusal: BridgeRefusal | undefined;
  /** The call is over. */
  leave(): void;
}

/** One meetup of a bridge for many, from its first call until it is forgotten. */
export class Meetup {
  readonly id: string;
  readonly #bounds: MeetupBounds;
  readonly #clock: Clock;
  readonly #dial: () => MeetupPeer;
  readonly #gone: () => void;
  readonly #waiting: WaitingLine;
  #state: MeetupState;
  #line: Line;
  #unobserve: () => void = () => {};
  /** Ends the timer of the state. */
  #cancel: () => void = () => {};

  /**
   * @param dial makes a connection to the meetup, not started
   * @param gone is told when the meetup is forgotten
   */
  constructor(id: string, bounds: MeetupBounds, clock: Clock, dial: () => MeetupPeer, gone: () => void) {
    this.id = id;
    this.#bounds = bounds;
    this.#clock = clock;
    this.#dial = dial;
    this.#gone = gone;
    this.#waiting = new WaitingLine(clock, () => this.#late());
    this.#state = { kind: 'opening', since: clock.now(), calls: 0 };
    this.#line = this.#made();
    this.#begin();
  }

  get state(): MeetupState {
    return this.#state;
  }

  /** What the list shows of it; nothing once it is gone. */
  get listed(): ListedMeetup[] {
    return this.#state.kind === 'gone' ? [] : [listedMeetup(this.id, this.#state, this.#line.peer.state)];
  }

  /** Lets a call in, or says why not. */
  enter(): Visit | BridgeRefusal {
    const { refusal } = this;
    if (refusal !== undefined) return refusal;
    const { maxPerMeetup } = this.#bounds;
    if ('calls' in this.#state && this.#state.calls >= maxPerMeetup) {
      const message = `${maxPerMeetup} calls of this meetup are unanswered already, the most that may be`;
      return ofFailure(new RequestFailure('too_many', message));
    }
    this.#move({ kind: 'called' });
    const meetup = this;
    return {
      get waits() {
        return meetup.#waits || meetup.#line.calls.holds;
      },
      get refusal() {
        return meetup.refusal;
      },
      ready: (signal) => this.#ready(signal),
      leave: () => this.#move({ kind: 'ended' }),
    };
  }

  /** The proxy's refusal, while the meetup is refused. */
  get refusal(): BridgeRefusal | undefined {
    return this.#state.kind === 'refused' ? meetupRefused(this.#state.why) : undefined;
  }

  /** There is another certificate now: what was refused may be tried again. */
  credentialsChanged(): void {
    this.#line.peer.credentialsChanged();
    this.forget();
  }

  /** Forgets a refusal, where there is one. */
  forget(): void {
    if (this.#state.kind === 'refused') this.#move({ kind: 'expired' });
  }

  /** Closes it for good. */
  stop(): void {
    this.#move({ kind: 'stop' });
    this.#waiting.failAll(new RequestFailure('not_paired', 'this bridge stops'));
  }

  get #waits(): boolean {
    return this.#state.kind === 'opening' || this.#state.kind === 'closing';
  }

  async #ready(signal: AbortSignal): Promise<Line> {
    if (this.#waits) await this.#waiting.wait(false, this.#bounds.wait, signal);
    return this.#line;
  }

  #late(): CallRefused {
    return new CallRefused(pairLate(this.#bounds.wait, this.#line.peer.state));
  }

  #made(): Line {
    const peer = this.#dial();
    const { hold, maxPerMeetup } = this.#bounds;
    const calls = new PatientCalls(peer, { hold, atOnce: maxPerMeetup }, this.#clock);
    this.#unobserve = peer.observe({ state: (now) => this.#heard(now) });
    return { peer, calls };
  }

  #heard(now: State): void {
    if (now.kind === 'paired') this.#move({ kind: 'paired' });
    if (now.kind === 'backing_off' && now.why.retry === 'never') this.#move({ kind: 'refused', why: now.why });
  }

  #move(by: MeetupMove): void {
    const before = this.#state;
    this.#state = moveMeetup(before, by, this.#clock.now());
    // A number of calls alone changes nothing else.
    if (this.#state.kind === before.kind) return;
    this.#cancel();
    this.#cancel = () => {};
    if (before.kind === 'closing' && this.#state.kind === 'opening') this.#line = this.#made();
    this.#begin();
  }

  /** Does what the new state asks for. */
  #begin(): void {
    switch (this.#state.kind) {
      case 'opening':
        this.#cancel = this.#clock.after(this.#bounds.wait, () => this.#giveUp());
        this.#line.peer.start();
        return;
      case 'open':
        this.#letGo();
        return;
      case 'idle':
        this.#cancel = this.#clock.after(this.#bounds.idle, () => this.#move({ kind: 'expired' }));
        return;
      case 'closing':
        this.#close();
        return;
      case 'refused':
        this.#waiting.failAll(new CallRefused(meetupRefused(this.#state.why)));
        this.#cancel = this.#clock.after(REFUSED_MS, () => this.forget());
        this.#close();
        return;
      case 'gone':
        this.#gone();
    }
  }

  #giveUp(): void {
    this.#waiting.failAll(this.#late());
    this.#move({ kind: 'late' });
  }

  #letGo(): void {
    while (this.#waiting.next()) {
      // Each goes on by itself.
    }
  }

  #close(): void {
    this.#unobserve();
    void this.#line.peer.stop().then(() => this.#move({ kind: 'closed' }));
  }
}
