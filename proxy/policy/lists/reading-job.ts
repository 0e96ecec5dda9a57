import { Worker } from 'node:worker_threads';
import type { OpenedFile } from '../../x509/lists/crl.js';
import type { CrlAuthority } from '../../x509/lists/crl-authorities.js';
import type { Reading } from './last-good-file.js';

/** A file that is read in a thread, because reading it would hold up the event loop. */
export type ReadingJob =
  | { readonly t: 'policy' | 'deny_list'; readonly path: string; readonly content: Uint8Array }
  | {
      readonly t: 'crl';
      readonly path: string;
      readonly content: Uint8Array;
      readonly authorities: readonly CrlAuthority[] | undefined;
    };

/** The result of a job: a document or the keys of a deny list as JSON, or an opened file of lists. */
export type JobResult = Reading<string | OpenedFile>;

/** Longest time for reading a file, milliseconds: the largest files take a few seconds on a busy machine. */
const READING_MS = 60_000;
/** Most memory of the reading thread, MiB. */
const READING_MIB = 1024;

/**
 * Reads a file in a thread of its own, which ends with the job. Any failure of the thread is a fault of the file, in words. Never
 * rejects.
 */
export function readBeside(job: Extract<ReadingJob, { t: 'crl' }>): Promise<Reading<OpenedFile>>;
export function readBeside(job: Extract<ReadingJob, { t: 'policy' | 'deny_list' }>): Promise<Reading<string>>;
export function readBeside(job: ReadingJob): Promise<JobResult> {
  return new Promise((resolve) => {
    const thread = new Worker(new URL('./reading-thread.js', import.meta.url), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: READING_MIB },
    });
    const overdue = setTimeout(() => {
      resolve({ fault: `${job.path}: not read within ${READING_MS / 1000} s: make it smaller` });
      void thread.terminate();
    }, READING_MS).unref();
    thread.once('message', (result: JobResult) => resolve(result));
    thread.once('error', (error) => resolve({ fault: `${job.path}: cannot be read (${error.message})` }));
    thread.once('exit', () => {
      clearTimeout(overdue);
      resolve({ fault: `${job.path}: cannot be read` });
    });
    thread.unref();
  });
}
