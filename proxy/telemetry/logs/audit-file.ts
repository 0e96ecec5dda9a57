import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.js';
import { inTime } from '../../ports/in-time.js';
import type { MetricSource } from '../metrics/metrics.js';
import { sampleOf, samplesBy } from '../metrics/sample.js';
import { Pause } from './pause.js';

/** Bytes of lines that may wait to be written; lines above it are dropped and counted. */
export const MAX_AUDIT_QUEUE_BYTES = 1_048_576;
/** Bytes that one write takes from the queue. */
const MAX_WRITE_BYTES = 65_536;
/** Time between two writes where few lines wait, milliseconds: with a write for each line, that would be a sixth of the cost of a connect. */
const REST = 20;
/** Time after which a write that failed is tried again, milliseconds. */
const RETRY = 1_000;
/** Time that `close` waits for the queue to be written, milliseconds. */
const CLOSE_TIMEOUT = 2_000;
/** File mode: only the user of the service may read who connected. */
const MODE = 0o600;

export interface AuditFileParts {
  readonly path: string;
  readonly clock: Clock;
  /** Called once when writing begins to fail, and once when it works again. */
  readonly failed: (error: Error) => void;
  readonly recovered: (droppedSoFar: number) => void;
  /** Makes the line that tells of dropped lines; it is written where they are missing. */
  readonly gap: (dropped: number) => string;
  readonly maxQueueBytes?: number;
}

/**
 * Appends whole lines to a file that may be renamed, removed, full or unwritable at any time: lines wait in a bounded queue,
 * a failed write is tried again, and no fault reaches the relay.
 */
export class AuditFile {
  readonly #parts: AuditFileParts;
  readonly #bound: number;
  readonly #queue: Buffer[] = [];
  #queued = 0;
  #dropped = 0;
  #written = 0;
  /** Lines dropped since the last gap was written down. */
  #missing = 0;
  #handle: FileHandle | undefined;
  #ino = 0;
  /** The whole of the line at the head of the queue, while a part of it is written. */
  #torn: Buffer | undefined;
  #running: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #isFailing = false;
  #mustReopen = false;
  /** Somebody waits for what is queued. */
  #isHurried = false;
  /** Between two writes; lines gather meanwhile. */
  readonly #rest: Pause;

  constructor(parts: AuditFileParts) {
    this.#parts = parts;
    this.#rest = new Pause(parts.clock, REST);
    this.#bound = parts.maxQueueBytes ?? MAX_AUDIT_QUEUE_BYTES;
  }

  /** Queues a line, which must have its line end; it is written at once, or within 20 ms of the line before. Never throws and never waits. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#queued + bytes.length > this.#bound) {
      this.#dropped += 1;
      this.#missing += 1;
      return;
    }
    this.#push(bytes);
    this.#run();
  }

  /** Opens the file anew, after a rotation that the service could not notice. */
  reopen(): void {
    this.#mustReopen = true;
    this.#hurry();
  }

  /** Resolves when no write is under way: every line is written, or writing failed and will be tried again. */
  async idle(): Promise<void> {
    this.#hurry();
    await this.#running;
  }

  /** Writes the lines that wait, for two seconds at most, and closes the file. */
  async close(): Promise<void> {
    this.#hurry();
    await inTime(this.#running ?? Promise.resolve(), CLOSE_TIMEOUT, this.#parts.clock);
    this.#cancelRetry?.();
    await this.#shut();
  }

  source(): MetricSource {
    return {
      samples: () => [
        [
          'ws_proxy.audit.records',
          samplesBy('result', Object.entries({ written: this.#written, dropped: this.#dropped })),
        ],
        ['ws_proxy.audit.queue', sampleOf(this.#queued)],
      ],
    };
  }

  #push(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
  }

  #run(): void {
    if (this.#running !== undefined || this.#cancelRetry !== undefined) return;
    this.#running = this.#drain().finally(() => {
      this.#running = undefined;
      this.#isHurried = false;
    });
  }

  /** Writes without a rest until nothing waits. */
  #hurry(): void {
    this.#run();
    this.#isHurried = this.#running !== undefined;
    this.#rest.cut();
  }

  async #drain(): Promise<void> {
    try {
      await this.#reopenIfMoved();
      while (this.#queue.length > 0 || this.#missing > 0) {
        await this.#writeBatch();
        if (this.#queue.length === 0) this.#tellGap();
        if (!this.#isHurried && this.#queued < MAX_WRITE_BYTES) await this.#rest.take();
        // The file is checked before each batch, since under load this loop may go on for long.
        await this.#reopenIfMoved();
      }
      if (this.#isFailing) this.#recover();
    } catch (error) {
      await this.#fail(error as Error);
    }
  }

  /** Writes some whole lines; when only a part of them fits, the rest of the torn line is written first next time. */
  async #writeBatch(): Promise<void> {
    const handle = await this.#opened();
    const batch = this.#take();
    let done = 0;
    try {
      while (done < batch.length) done += (await handle.write(batch, done)).bytesWritten;
    } finally {
      this.#settle(batch, done);
    }
  }

  #take(): Buffer {
    let bytes = 0;
    let lines = 0;
    for (const line of this.#queue) {
      if (lines > 0 && bytes + line.length > MAX_WRITE_BYTES) break;
      bytes += line.length;
      lines += 1;
    }
    return Buffer.concat(this.#queue.slice(0, lines), bytes);
  }

  /** Takes the written bytes off the queue. */
  #settle(batch: Buffer, done: number): void {
    let left = done;
    while (left > 0) {
      const line = this.#queue[0];
      if (line === undefined) break;
      if (line.length > left) {
        this.#torn ??= line;
        this.#queue[0] = line.subarray(left);
        break;
      }
      this.#queue.shift();
      this.#torn = undefined;
      this.#written += 1;
      left -= line.length;
    }
    this.#queued -= Math.min(done, batch.length);
  }

  /** Writes a torn line anew when the file is not the one that has its first part. */
  #mend(): void {
    if (this.#torn === undefined) return;
    this.#queued += this.#torn.length - (this.#queue[0]?.length ?? 0);
    this.#queue[0] = this.#torn;
    this.#torn = undefined;
  }

  async #opened(): Promise<FileHandle> {
    if (this.#handle !== undefined) return this.#handle;
    const handle = await open(this.#parts.path, 'a', MODE);
    this.#handle = handle;
    const { ino } = await handle.stat();
    if (ino !== this.#ino) this.#mend();
    this.#ino = ino;
    return handle;
  }

  /** Closes a file that was renamed or removed; the next write makes a new file. */
  async #reopenIfMoved(): Promise<void> {
    if (this.#handle === undefined) return;
    const here = await this.#handle.stat();
    const there = await stat(this.#parts.path).catch(() => undefined);
    if (!this.#mustReopen && there?.ino === here.ino && there.dev === here.dev) return;
    this.#mustReopen = false;
    await this.#shut();
  }

  async #fail(error: Error): Promise<void> {
    if (!this.#isFailing) this.#parts.failed(error);
    this.#isFailing = true;
    await this.#shut();
    this.#cancelRetry = this.#parts.clock.after(RETRY, () => {
      this.#cancelRetry = undefined;
      this.#run();
    });
  }

  #recover(): void {
    this.#isFailing = false;
    this.#parts.recovered(this.#dropped);
  }

  #tellGap(): void {
    if (this.#missing === 0) return;
    this.#push(Buffer.from(this.#parts.gap(this.#missing)));
    this.#missing = 0;
  }

  async #shut(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => {});
  }
}
