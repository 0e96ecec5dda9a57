import { UnreadableFile, WatchedFile } from './watched-file.js';

/**
 * What a file's content means, or why it cannot be used: one line or several, for people. `meanwhile`: the fault is one that time may
 * mend, so that at the start, where nothing is in force yet, this is while it does.
 */
export type Reading<T> = { readonly ok: T } | { readonly fault: string; readonly meanwhile?: T };

/**
 * Reads a file's content; it is told the value in force, if there is one. Once there is, others are being served: what takes long must
 * not hold up the event loop. Never rejects.
 */
type Read<T> = (content: Buffer, inForce: T | undefined) => Reading<T> | Promise<Reading<T>>;

/** Hears of a file that is under watch: a policy, a revocation list, a deny list. */
export interface FileObserver {
  /** Another version is in force: whoever it no longer allows must go. The next version is read once this resolves. */
  changed(): void | Promise<void>;
  /** The file cannot be used as it is and the last good version stays in force. For people, one line for each fault. */
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
  readonly #read: Read<T>;
  readonly #observer: FileObserver;
  readonly #file: WatchedFile;
  #value: T;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;
  #refused: { readonly content: Buffer | undefined; readonly why: string } | undefined;

  private constructor(path: string, read: Read<T>, observer: FileObserver, file: WatchedFile, value: T) {
    this.path = path;
    this.#read = read;
    this.#observer = observer;
    this.#file = file;
    this.#value = value;
  }

  /**
   * Reads the file and watches it from then on. Throws UnusableFile: without a first good value, or one for the meantime, nothing may
   * start. A fault at the start is not told to the observer.
   */
  static async open<T>(
    path: string,
    maxBytes: number,
    read: Read<T>,
    observer: FileObserver,
  ): Promise<LastGoodFile<T>> {
    let opened: LastGoodFile<T> | undefined;
    const [file, content] = await WatchedFile.open(path, maxBytes, {
      changed: (next) => opened?.offer(next),
      unreadable: (why) => opened?.inTurn(() => opened?.refuse(why)),
    }).catch((error: unknown) => {
      throw error instanceof UnreadableFile ? new UnusableFile(error.message) : error;
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

  /** Why the file as it is now is not in force; undefined while it is. */
  get fault(): string | undefined {
    return this.#refused?.why;
  }

  /** Reads once more what was refused, for a reason that time may have removed. */
  retry(): void {
    if (this.#refused?.content !== undefined) this.offer(this.#refused.content);
  }

  /** Reads the file now; answers why it cannot be used, or undefined when it is in force. */
  async reload(): Promise<string | undefined> {
    await this.#file.reread();
    await this.#last;
    return this.fault;
  }

  /** Reads that content when what came before it is done with. */
  offer(content: Buffer): void {
    this.inTurn(() => this.#take(content));
  }

  refuse(why: string, content?: Buffer): void {
    this.#refused = { content, why };
    this.#observer.refused(why);
  }

  /** Does one thing after the other, as versions of the file come; nothing more once it is closed. */
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
