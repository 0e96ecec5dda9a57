import { constants, type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { faultCode, fileFault } from '../../values/file-fault.js';

/** The file cannot be read in its present form; the message says why and repeats nothing of the content. */
export class UnreadableFile extends Error {}

export interface FileWatcher {
  /** The content of the file has changed. */
  changed(content: Buffer): void;
  /** The file is gone, too large or cannot be read; called once for each reason. */
  unreadable(why: string): void;
}

/**
 * Time between two looks at a file when no event comes, milliseconds. Events alone are not enough: network and many container file
 * systems send none, and none come once the directory itself was replaced. One look a second costs nothing and keeps a promise of two
 * seconds.
 */
export const POLL_MS = 1000;
/** A changed file must look the same twice, this many milliseconds apart, so that a half-written file is not read. */
export const SETTLE_MS = 50;
/** Looks after which a file that keeps changing is read all the same. */
const MAX_RESTLESS_LOOKS = 10;

/** Reads a file of at most `maxBytes` bytes. Throws UnreadableFile. */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  return (await read(path, maxBytes)).content;
}

/**
 * One file under watch. It notices a change by rename, in place, or of a link on the way to the file. It does not keep the process
 * alive.
 */
export class WatchedFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #watcher: FileWatcher;
  readonly #poll: NodeJS.Timeout;
  readonly #events: FSWatcher | undefined;
  #next: NodeJS.Timeout | undefined;
  /** The content that the watcher knows; undefined after the file could not be read. */
  #content: Buffer | undefined;
  /** The mark of the file when it was read, and at the last look. */
  #readMark: string;
  #lastMark: string;
  #restless = 0;
  #isLooking = false;
  #isClosed = false;

  private constructor(path: string, maxBytes: number, watcher: FileWatcher, first: Content) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#watcher = watcher;
    this.#content = first.content;
    this.#readMark = first.mark;
    this.#lastMark = first.mark;
    this.#poll = setInterval(() => void this.#look(), POLL_MS).unref();
    this.#events = eventsOf(dirname(path), () => this.#lookSoon());
  }

  /** Reads the file and watches it from then on. Throws UnreadableFile. */
  static async open(path: string, maxBytes: number, watcher: FileWatcher): Promise<[WatchedFile, Buffer]> {
    const first = await read(path, maxBytes);
    return [new WatchedFile(path, maxBytes, watcher, first), first.content];
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#next);
    this.#events?.close();
  }

  /** Reads the file now, without waiting for an event; the watcher hears of a change before this resolves. */
  async reread(): Promise<void> {
    await this.#reread(await markOf(this.#path));
  }

  #lookSoon(): void {
    if (this.#isClosed) return;
    this.#next ??= setTimeout(() => {
      this.#next = undefined;
      void this.#look();
    }, SETTLE_MS).unref();
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return this.#lookSoon();
    this.#isLooking = true;
    const mark = await markOf(this.#path);
    this.#isLooking = false;
    if (this.#isClosed || mark === this.#readMark) return;
    this.#restless = mark === this.#lastMark ? MAX_RESTLESS_LOOKS : this.#restless + 1;
    this.#lastMark = mark;
    if (this.#restless < MAX_RESTLESS_LOOKS) return this.#lookSoon();
    this.#restless = 0;
    await this.#reread(mark);
  }

  async #reread(mark: string): Promise<void> {
    try {
      const { content, mark: own } = await read(this.#path, this.#maxBytes);
      if (this.#isClosed) return;
      this.#readMark = own;
      if (this.#content !== undefined && content.equals(this.#content)) return;
      this.#content = content;
      this.#watcher.changed(content);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      this.#readMark = mark;
      this.#content = undefined;
      if (!this.#isClosed) this.#watcher.unreadable(error.message);
    }
  }
}

interface Content {
  readonly content: Buffer;
  readonly mark: string;
}

async function read(path: string, maxBytes: number): Promise<Content> {
  let file: FileHandle | undefined;
  try {
    // A pipe without a writer would block here for ever before it could be seen that it is no file.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile())
      throw new UnreadableFile(`${path}: is ${stat.isDirectory() ? 'a directory' : 'no file'}; name a file`);
    if (stat.size > maxBytes) throw new UnreadableFile(`${path}: is larger than ${maxBytes} bytes; name another file`);
    const content = Buffer.alloc(Number(stat.size));
    const { bytesRead } = await file.read(content, 0, content.length, 0);
    return { content: content.subarray(0, bytesRead), mark: markFrom(stat) };
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(`${path}: ${fileFault(error)}`);
  } finally {
    await file?.close();
  }
}

/** The mark of a file, made from its outside: another file or another content has another mark. */
async function markOf(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return markFrom(await file.stat({ bigint: true }));
  } catch (error) {
    return faultCode(error);
  } finally {
    await file?.close();
  }
}

function markFrom(stat: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint; ctimeNs: bigint }): string {
  return [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ');
}

/**
 * Listens to the events of a directory, because a rename into it makes one too. Returns undefined where the system gives none; the poll
 * is enough then.
 */
function eventsOf(directory: string, tell: () => void): FSWatcher | undefined {
  try {
    const events = watch(directory, { persistent: false }, tell);
    events.on('error', () => events.close());
    return events;
  } catch {
    return undefined;
  }
}
