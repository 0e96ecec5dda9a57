import { UnreadableFile, WatchedFile } from './watched-file.js';

/**
 * The meaning of a file's content, or the reason why it cannot be used: one line or several, for people. `meanwhile` is set when time
 * may mend the fault: if nothing is in force yet, at the start, this value is used until then.
 */
export type Reading<T> = { readonly ok: T } | { readonly fault: string; readonly meanwhile?: T };

/**
 * Reads a file's content; it gets the value in force, if there is one. In that case the service is running, so long work must not hold
 * up the event loop. Never rejects.
 */
type Reader<T> = (content: Buffer, inForce: T | undefined) => Reading<T> | Promise<Reading<T>>;

/** Hears of a watched file: a policy, a revocation list, a deny list. */
export interface FileObserver {
  /** Another version is in force, and peers that it no longer allows must go. The next version is read once this resolves. */
  changed(): void | Promise<void>;
  /**
   * The file cannot be used in its present form, and the last good version stays in force. `why` is for people, one line for each
   * fault.
   */
  refused(why: string): void;
}

/** The file cannot be used, and there is no earlier value to keep. The message is for people and names the file. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
  readonly exitCode = 2;
}

/** A value read from a watched file: while the file is broken, the last good value stays in force. */
export class LastGoodFile<T> {
  readonly path: string;
  readonly #read: Reader<T>;
  readonly #observer: FileObserver;
  readonly #file: WatchedFile;
  #value: T;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;
  #refused: { readonly content: Buffer | undefined; readonly why: string } | undefined;

  private constructor(path: string, read: Reader<T>, observer: FileObserver, file: WatchedFile, value: T) {
    this.path = path;
    this.#read = read;
    this.#observer = observer;
    this.#file = file;
    this.#value = value;
  }

  /**
   * Reads the file and watches it from then on. Throws UnusableFile: without a first good value, or a value for the meantime, nothing
   * may start. The observer does not hear of a fault at the start.
   */
  static async open<T>(
    path: string,
    maxBytes: number,
    read: Reader<T>,
    observer: FileObserver,
  ): Promise<LastGoodFile<T>> {
    let opened: LastGoodFile<T> | undefined;
    const [file, content] = await WatchedFile.open(path, maxBytes, {
      changed: (next) => opened?.offer(next),
      unreadable: (why) => opened?.inTurn(() => opened?.refuse(why)),
    }).catch((error: unknown) => {
      throw error instanceof UnreadableFile ? new UnusableFile(error.message, { cause: error }) : error;
    });
    const reading = await read(content, undefined);
    const first = 'ok' in reading ? reading.ok : reading.meanwhile;
    if (first === undefined) {
      file.close();
      throw new UnusableFile('fault' in reading ? reading.fault : `${path} holds nothing`);
    }
    opened = new LastGoodFile(path, read, observer, file, first);
    if ('fault' in reading) opened.#refused = { content, why: reading.fault };
    return opened;
  }

  /** The value in force. */
  get value(): T {
    return this.#value;
  }

  /** The reason why the present file is not in force; undefined while it is. */
  get fault(): string | undefined {
    return this.#refused?.why;
  }

  /** Reads refused content once more, because time may have removed the reason. */
  retry(): void {
    if (this.#refused?.content !== undefined) this.offer(this.#refused.content);
  }

  /** Reads the file now; returns the reason why it cannot be used, or undefined when it is in force. */
  async reload(): Promise<string | undefined> {
    await this.#file.reread();
    await this.#last;
    return this.fault;
  }

  /** Reads this content after all earlier content. */
  offer(content: Buffer): void {
    this.inTurn(() => this.#take(content));
  }

  refuse(why: string, content?: Buffer): void {
    this.#refused = { content, why };
    this.#observer.refused(why);
  }

  /** Runs one step after the other, in the order in which they come; runs nothing more once the file is closed. */
  inTurn(step: () => void | Promise<void>): void {
    this.#last = this.#last.then(() => (this.#isClosed ? undefined : step()));
  }

  close(): void {
    this.#isClosed = true;
    this.#file.close();
  }

  async #take(content: Buffer): Promise<void> {
    const reading = await this.#read(content, this.#value);
    if (this.#isClosed) return;
    if ('fault' in reading) {
      this.refuse(reading.fault, content);
      return;
    }
    this.#value = reading.ok;
    this.#refused = undefined;
    await this.#observer.changed();
  }
}
