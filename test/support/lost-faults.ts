import type { Readable } from 'node:stream';

/**
 * What nobody caught fails the tests, wherever it was: mocha loads this first. An exception it fails by itself; of a rejection it says
 * nothing, and what a program of the product dies of stands in that program’s output.
 */

/** A line of a stack, which no program of the product shows to anybody. */
const STACK_LINE = /^\s+at .*(?:file:\/\/|node:internal)/m;
/** Characters of an output that a failure shows, from before the first such line. */
const SHOWN_CHARS = 2_000;

const crashes: string[] = [];

// Thrown here it is an uncaught exception, which mocha counts as a failure of what runs, or of the run.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

/** Watches what a program of the product writes to standard error. */
export function watchForCrash(stderr: Readable | null): void {
  let text = '';
  stderr?.on('data', (chunk: Buffer | string) => {
    text = (text + chunk).slice(-SHOWN_CHARS);
    if (!STACK_LINE.test(text)) return;
    crashes.push(text);
    text = '';
  });
}

export const mochaHooks = {
  afterEach(): void {
    const [first] = crashes.splice(0);
    if (first !== undefined) throw new Error(`a program showed a stack trace:\n${first}`);
  },
};
