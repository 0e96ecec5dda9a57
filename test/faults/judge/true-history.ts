import fc from 'fast-check';
import {
  type ConnectionName,
  connectionName,
  type Entry,
  type History,
  type SentMessage,
  SIDES,
  seatName,
} from './history.js';

/** What happens in one session of a generated history. */
interface SessionPlan {
  /** Messages in turn: which side sends, and what. */
  readonly messages: readonly { readonly side: 0 | 1; readonly kind: 'request' | 'event' }[];
  /** How many of the last messages do not arrive, where the session ends. */
  readonly cut: number;
}

/** Milliseconds between two entries of one session, and between one session of a meetup and the next. */
const STEP_MS = 1;
const PAUSE_MS = 500;
/** Milliseconds that nothing happens at the end of every history. */
export const TAIL_MS = 60_000;

const session: fc.Arbitrary<SessionPlan> = fc.record({
  messages: fc.array(fc.record({ side: fc.constantFrom(0, 1), kind: fc.constantFrom('request', 'event') }), {
    minLength: 8,
    maxLength: 20,
  }),
  cut: fc.nat(3),
});

/** Histories of a relay that does nothing wrong: some meetups, at each some sessions, the last of which is open at the end. */
export const trueHistory: fc.Arbitrary<History> = fc
  .array(fc.array(session, { minLength: 2, maxLength: 3 }), { minLength: 2, maxLength: 3 })
  .map((meetups) => {
    const entries = meetups.flatMap((sessions, at) => meetupEntries(`m/${at}`, sessions));
    const last = Math.max(...entries.map((entry) => entry.at));
    return { entries: entries.toSorted((one, other) => one.at - other.at), end: last + TAIL_MS };
  });

function meetupEntries(meetup: string, sessions: readonly SessionPlan[]): Entry[] {
  const entries: Entry[] = [];
  let now = 0;
  let again: readonly LostCall[] = [];
  for (const [at, plan] of sessions.entries()) {
    const writer = new SessionWriter(meetup, at + 1, now);
    entries.push(...writer.write(plan, again, at < sessions.length - 1));
    again = writer.lost;
    now = writer.now + PAUSE_MS;
  }
  return entries;
}

/** A call that did not arrive, and is made again in the next session. */
interface LostCall {
  readonly side: number;
  readonly call: string;
}

class SessionWriter {
  now: number;
  readonly lost: LostCall[] = [];
  readonly #names: readonly ConnectionName[];
  readonly #entries: Entry[] = [];
  readonly #ids = [0, 0];

  constructor(meetup: string, epoch: number, now: number) {
    this.now = now;
    this.#names = SIDES.map((side) => connectionName(seatName(meetup, side), epoch));
  }

  write({ messages, cut }: SessionPlan, again: readonly LostCall[], ends: boolean): Entry[] {
    for (const on of this.#names) this.#entries.push({ t: 'opened', at: this.#tick(), on });
    const hellos = this.#names.map((_, side) => this.#send(side, { kind: 'hello' }));
    for (const [side, hello] of hellos.entries()) this.#arrive(side, hello);
    for (const { side, call } of again) this.#exchange(side, 'request', true, call);
    const arriving = ends ? messages.length - cut : messages.length;
    for (const [at, { side, kind }] of messages.entries()) this.#exchange(side, kind, at < arriving);
    if (ends) {
      for (const on of this.#names)
        this.#entries.push({ t: 'closed', at: this.#tick(), on, code: 1006, reason: '', by: 'line' });
    }
    return this.#entries;
  }

  #exchange(side: number, kind: 'request' | 'event', arrives: boolean, call = this.#nextCall(side)): void {
    const sent = this.#send(side, kind === 'request' ? { kind, call } : { kind });
    if (!arrives) {
      if (kind === 'request') this.lost.push({ side, call });
      return;
    }
    this.#arrive(side, sent);
    if (kind === 'request') this.#arrive(1 - side, this.#send(1 - side, { kind: 'response', answers: sent.id }));
  }

  #nextCall(side: number): string {
    return `${this.#name(side)}/${this.#ids[side]}`;
  }

  #send(side: number, what: Pick<SentMessage, 'kind' | 'answers' | 'call'>): SentMessage {
    const id = this.#ids[side] ?? 0;
    this.#ids[side] = id + 1;
    const message = { ...what, id, digest: `${what.kind} ${id} of ${this.#name(side)}` };
    this.#entries.push({ t: 'sent', at: this.#tick(), on: this.#name(side), message });
    return message;
  }

  #arrive(side: number, message: SentMessage): void {
    const received = { ...message, from: this.#name(side) };
    this.#entries.push({ t: 'received', at: this.#tick(), on: this.#name(1 - side), message: received });
  }

  #name(side: number): ConnectionName {
    return this.#names[side] ?? '';
  }

  #tick(): number {
    this.now += STEP_MS;
    return this.now;
  }
}
