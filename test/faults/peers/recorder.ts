import {
  type ConnectionName,
  connectionName,
  type EndedBy,
  type Entry,
  type History,
  type Seat,
  steadyNow,
} from '../judge/history.js';
import { readMessage } from './message.js';

/** Writes down what the peers of this process see. */
export class Recorder {
  #entries: Entry[] = [];
  #answered = 0;

  refused(seat: Seat, why: string): void {
    this.#entries.push({ t: 'refused', at: steadyNow(), seat, why });
  }

  /** A connection of that seat has its 101. */
  opened(seat: Seat, epoch: number): RecordedConnection {
    const on = connectionName(seat, epoch);
    this.#entries.push({ t: 'opened', at: steadyNow(), on });
    return new RecordedConnection(on, (entry) => this.#tell(entry));
  }

  /** All until now. */
  get history(): History {
    return { entries: [...this.#entries], end: steadyNow() };
  }

  /** Answers to calls among all. */
  get answered(): number {
    return this.#answered;
  }

  clear(): void {
    this.#entries = [];
    this.#answered = 0;
  }

  #tell(entry: Entry): void {
    this.#entries.push(entry);
    if (entry.t === 'received' && entry.message.kind === 'response') this.#answered += 1;
  }
}

/** What is known of a connection besides what is recorded. */
export class RecordedConnection {
  readonly on: ConnectionName;
  readonly #tell: (entry: Entry) => void;
  /** Calls of this side that have no answer. */
  readonly calls = new Set<number>();
  isPaired = false;
  isOver = false;
  /** The last event of each direction. */
  hasSentMark = false;
  hasMark = false;

  constructor(on: ConnectionName, tell: (entry: Entry) => void) {
    this.on = on;
    this.#tell = tell;
  }

  sent(data: Buffer): void {
    const { from: _, isMark, ...message } = readMessage(data);
    if (message.kind === 'request') this.calls.add(message.id);
    if (isMark) this.hasSentMark = true;
    this.#tell({ t: 'sent', at: steadyNow(), on: this.on, message });
  }

  received(data: Buffer): void {
    const { isMark, ...message } = readMessage(data);
    if (message.kind === 'hello') this.isPaired = true;
    if (message.answers !== undefined) this.calls.delete(message.answers);
    if (isMark) this.hasMark = true;
    this.#tell({ t: 'received', at: steadyNow(), on: this.on, message });
  }

  closed(code: number, reason: string, by: EndedBy): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#tell({ t: 'closed', at: steadyNow(), on: this.on, code, reason, by });
  }

  /** Nothing of this connection is on its way, as far as this side can know. */
  get isSettled(): boolean {
    return this.isPaired && !this.isOver && this.hasMark && this.hasSentMark && this.calls.size === 0;
  }
}
