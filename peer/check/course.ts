import type { Clock } from '../../proxy/ports/clock.js';
import { peerClock } from '../clock.js';
import type { PeerConnection } from '../connection.js';
import type { Greeting } from '../greeting.js';
import { RequestFailure } from '../request-failure.js';
import type { State } from '../state.js';
import type { CheckId } from './checks.js';
import { Examiner } from './examiner.js';

/** What is asked of the peer. Times in milliseconds. */
export interface CourseOptions {
  /** Path of the requests; any status is an answer. */
  readonly path: string;
  /** Time for an answer. */
  readonly timeout: number;
  /** Time for the peer to come, and to come back. */
  readonly patience: number;
  /** Silence after which it must still be there. */
  readonly silence: number;
}

/** Requests of which none waits for another. */
const AT_ONCE = 8;
/** The first id of a request: ids below are those of the connection's own HELLO and answers. */
const FIRST_ID = 1_000_000;
/** An id that is text, which every peer must give back as it came. */
const TEXT_ID = 'check: "\u00e9"';

/** Takes one peer through everything that the other side may do, by one connection after another. */
export class Course {
  readonly examiner = new Examiner();
  /** Checks whose part of the course was walked. */
  readonly walked = new Set<CheckId>();
  readonly #connect: () => PeerConnection;
  readonly #options: CourseOptions;
  readonly #clock: Clock;
  #peer: PeerConnection | undefined;
  #nextId = FIRST_ID;
  /** Why the connection of the part that is walked has ended, if it has; the part then asks nothing more. */
  #end: string | undefined;
  /** Resolves when it has. */
  #gone: Promise<void> = Promise.resolve();
  #lost: () => void = () => {};

  /** @param connect makes a connection that is not started, and answers the peer's requests */
  constructor(connect: () => PeerConnection, options: CourseOptions, clock: Clock = peerClock) {
    this.#connect = connect;
    this.#options = options;
    this.#clock = clock;
  }

  /** Walks the whole course; resolves with the HELLO of the peer, or undefined where none came. Never rejects. */
  async walk(): Promise<Greeting | undefined> {
    const other = await this.#meet('hello');
    if (other !== undefined) {
      if (other.answers !== false) await this.#ask();
      await this.#step('passes_over', () => this.#babble(other));
      await this.#step('stays', () => this.#silence());
      await this.#peer?.stop();
      const again = await this.#meet('comes_back');
      if (again !== undefined && again.answers !== false) await this.#step('comes_back', () => this.#get('comes_back'));
    }
    await this.#peer?.stop();
    return other;
  }

  async #ask(): Promise<void> {
    await this.#step('answers', async () => {
      await this.#get('answers');
      await this.#request('answers', TEXT_ID, { method: 'GET' });
    });
    await this.#step('at_once', async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.#get('at_once')));
    });
    await this.#step('bodies', async () => {
      const bytes = Buffer.from([0, 255, 13, 10]).toString('base64');
      await this.#post({ dataFormat: 'application/octet-stream', messageBody: bytes });
      await this.#post({ dataFormat: 'application/json', messageBody: { text: 'é', list: [1, null] } });
      await this.#post({ dataFormat: 'text/plain', messageBody: 'é' });
    });
  }

  /** Sends what no peer has to know, and then a request, where it answers any. */
  async #babble(other: Greeting): Promise<void> {
    const head = { requiresResponse: false, unknown: { field: [] } };
    this.#send('passes_over', {
      ...head,
      messageId: this.#nextId++,
      messageType: 'EVENT:CHECK:unknown',
      messageBody: 'x',
    });
    this.#send('passes_over', { ...head, messageId: this.#nextId++, messageType: 'CHECK:unknown' });
    this.#sendRaw('passes_over', Buffer.from([0, 1, 2, 255]));
    if (other.answers !== false) await this.#get('passes_over');
  }

  #get(check: CheckId): Promise<void> {
    return this.#request(check, this.#nextId++, { method: 'GET' });
  }

  #post(body: object): Promise<void> {
    return this.#request('bodies', this.#nextId++, { method: 'POST', ...body });
  }

  async #request(check: CheckId, messageId: number | string, fields: object): Promise<void> {
    const { path, timeout } = this.#options;
    const answered = this.examiner.answered(messageId);
    const head = { messageId, messageType: 'REST:REQUEST', requiresResponse: true, path };
    if (!this.#send(check, { ...head, ...fields })) return;
    const isLate = await this.#within(timeout, Promise.race([answered, this.#gone]));
    if (isLate) this.examiner.fault(check, `no answer to ${JSON.stringify(messageId)} within ${timeout / 1000} s`);
  }

  #send(check: CheckId, message: object): boolean {
    return this.#sendRaw(check, JSON.stringify({ id: 'beside the message', message }));
  }

  #sendRaw(check: CheckId, data: string | Buffer): boolean {
    if (this.#end !== undefined) return false;
    try {
      this.#peer?.send(data);
      return true;
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      this.examiner.fault(check, `could not be sent: ${error.message}`);
      return false;
    }
  }

  /** Walks one part. Where the connection ends in it, that is its fault, and the next part begins with a new pair. */
  async #step(check: CheckId, part: () => Promise<void>): Promise<void> {
    const peer = this.#peer;
    if (peer === undefined) return;
    if (peer.state.kind !== 'paired' && !(await this.#pair(peer, check))) return;
    this.walked.add(check);
    this.#end = undefined;
    this.#gone = new Promise((resolve) => {
      this.#lost = resolve;
    });
    await part();
    if (this.#end !== undefined) this.examiner.fault(check, `the connection ended: ${this.#end}`);
  }

  /** Makes a connection and waits for the peer. */
  async #meet(check: CheckId): Promise<Greeting | undefined> {
    const peer = this.#connect();
    this.#peer = peer;
    peer.observe({
      state: (now, before) => this.#moved(now, before),
      message: (data, binary) => this.examiner.take(data, binary),
    });
    peer.start();
    return (await this.#pair(peer, check)) ? this.#other(peer.state) : undefined;
  }

  #moved(now: State, before: State): void {
    if (now.kind === 'waiting') this.examiner.begin();
    if (before.kind !== 'paired' || now.kind !== 'backing_off') return;
    this.#end ??= `${now.why.message} (${now.why.reason})`;
    this.#lost();
  }

  #other(state: State): Greeting | undefined {
    return state.kind === 'paired' ? state.other : undefined;
  }

  async #pair(peer: PeerConnection, check: CheckId): Promise<boolean> {
    const { patience } = this.#options;
    this.walked.add(check);
    const paired = new Promise<void>((resolve) => {
      const undo = peer.observe({
        state: ({ kind }) => {
          if (kind !== 'paired') return;
          undo();
          resolve();
        },
      });
    });
    if (peer.state.kind === 'paired' || !(await this.#within(patience, paired))) return true;
    const { state } = peer;
    const why = state.kind === 'backing_off' ? `: ${state.why.message} (${state.why.reason})` : '';
    this.examiner.fault(check, `no peer came within ${patience / 1000} s${why}`);
    return false;
  }

  /** Waits for something; resolves with whether the time was over before. */
  async #within(time: number, something: Promise<void>): Promise<boolean> {
    let undo: () => void = () => {};
    const late = new Promise<boolean>((resolve) => {
      undo = this.#clock.after(time, () => resolve(true));
    });
    const isLate = await Promise.race([something.then(() => false), late]);
    undo();
    return isLate;
  }

  async #silence(): Promise<void> {
    await this.#within(this.#options.silence, this.#gone);
  }
}
