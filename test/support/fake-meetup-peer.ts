import type { PeerObserver } from '../../peer/connection.js';
import type { MeetupPeer } from '../../peer/many/meetup.js';
import type { RestResponse } from '../../peer/rest.js';
import type { Setback } from '../../peer/setback.js';
import { initial, type State } from '../../peer/state.js';

/** A connection to a meetup without a network: a test makes its events. */
export class FakeMeetupPeer implements MeetupPeer {
  readonly session = undefined;
  readonly form = 'exact';
  state: State = initial;
  starts = 0;
  /** Whether it was stopped and is not gone yet. */
  closing = false;
  gone = false;
  renewed = 0;
  readonly #observers = new Set<PeerObserver>();
  #closed: () => void = () => {};

  start(): void {
    this.starts += 1;
  }

  /** A pair is closed until `close`; without one there is nothing to close. */
  stop(): Promise<void> {
    const isPaired = this.state.kind === 'paired';
    this.#become({ kind: 'stopped' });
    this.closing = isPaired;
    this.gone = !isPaired;
    if (!isPaired) return Promise.resolve();
    return new Promise((resolve) => {
      this.#closed = resolve;
    });
  }

  observe(observer: PeerObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  credentialsChanged(): void {
    this.renewed += 1;
  }

  request(): Promise<RestResponse> {
    throw new Error('nothing is sent here');
  }

  /** The other peer comes. */
  pair(): void {
    this.#become({
      kind: 'paired',
      failures: 0,
      since: 0,
      other: { peerClass: 'gateway', peerId: '1' },
    });
  }

  /** The connection ends, or a dial fails. */
  lose(why: Partial<Setback> = {}): void {
    const setback: Setback = { reason: 'unreachable', message: 'nobody is there', retry: 'now', ...why };
    this.#become({ kind: 'backing_off', failures: 1, delay: 1000, why: setback });
  }

  /** The close is over. */
  close(): void {
    this.closing = false;
    this.gone = true;
    this.#closed();
  }

  #become(state: State): void {
    if (this.state.kind === 'stopped') return;
    const before = this.state;
    this.state = state;
    for (const observer of [...this.#observers]) observer.state?.(state, before);
  }
}
