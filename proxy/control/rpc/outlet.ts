import { status as Code, Metadata, type ServerWritableStream, type StatusObject } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import { Fault, statusOf } from './fault.js';

export interface OutletTerms {
  readonly clock: Clock;
  /** Time for which a client may leave its messages untaken, milliseconds. */
  readonly stallTime: number;
  /** Interval at which the caller's right to the stream is checked again, milliseconds. */
  readonly recheckInterval: number;
  /** Is called with an exception that ends a stream and is not a Fault. */
  readonly defect: (error: unknown) => void;
}

/** The part of a gRPC call that an outlet uses. */
export type OutletCall<Message> = Pick<
  ServerWritableStream<unknown, Message>,
  'write' | 'end' | 'emit' | 'on' | 'sendMetadata'
>;

/**
 * The way out of one server stream. Its writer asks first whether it is ready, so only the few messages that the library holds are
 * ever queued. It ends the stream of a client that stalls and of a caller that lost its right.
 */
export class Outlet<Message> {
  /** Called when the client took the messages that waited. */
  onReady: () => void = () => {};
  readonly #call: OutletCall<Message>;
  readonly #terms: OutletTerms;
  readonly #stopped: (() => void)[] = [];
  readonly #gone: (() => void)[] = [];
  #cancelStall: (() => void) | undefined;
  #open = true;

  /** @param recheck throws Fault when the caller has lost its right to the stream */
  constructor(call: OutletCall<Message>, terms: OutletTerms, recheck: () => void) {
    this.#call = call;
    this.#terms = terms;
    call.on('drain', () => this.#drained());
    call.on('cancelled', () => this.#leave());
    call.on('finish', () => this.#leave());
    this.onceStopped(terms.clock.every(terms.recheckInterval, () => this.attempt(recheck)));
  }

  /** Tells the client that the stream is set up, even before the first message. */
  begin(): void {
    this.#call.sendMetadata(new Metadata());
  }

  /** Tells whether a message may be written now. */
  get ready(): boolean {
    return this.#open && this.#cancelStall === undefined;
  }

  /** Writes one message; call it when ready. */
  write(message: Message): void {
    if (!this.#open || this.#call.write(message)) return;
    const { clock, stallTime } = this.#terms;
    this.#cancelStall = clock.after(stallTime, () => this.fail(tooSlow(`took nothing for ${stallTime / 1000} s`)));
  }

  /** Ends the stream well. */
  end(): void {
    if (this.#stop()) this.#call.end();
  }

  /** Ends the stream with that failure. */
  fail(error: unknown): void {
    if (!this.#stop()) return;
    if (!(error instanceof Fault)) this.#terms.defect(error);
    const status: StatusObject = statusOf(error);
    // This is how the library ends a stream with a status: messages that were written go out first.
    this.#call.emit('error', status);
  }

  /** Runs the work; an exception ends the stream. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Calls back once when nothing more will be written; at once when the stream has stopped already. */
  onceStopped(undo: () => void): void {
    if (this.#open) this.#stopped.push(undo);
    else undo();
  }

  /** Calls back once when the client has every message or is gone: until then the stream takes room. */
  onceGone(undo: () => void): void {
    this.#gone.push(undo);
  }

  #stop(): boolean {
    if (!this.#open) return false;
    this.#open = false;
    this.#cancelStall?.();
    for (const undo of this.#stopped.splice(0)) undo();
    return true;
  }

  #leave(): void {
    this.#stop();
    for (const undo of this.#gone.splice(0)) undo();
  }

  #drained(): void {
    this.#cancelStall?.();
    this.#cancelStall = undefined;
    if (this.#open) this.attempt(() => this.onReady());
  }
}

/** Makes the Fault that tells a slow watcher to start over. */
export function tooSlow(what: string): Fault {
  return new Fault(Code.ABORTED, 'WATCHER_TOO_SLOW', `the client ${what}: start over`);
}
