// CommonJS, because mocha takes a reporter from `module.exports`.
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { config } = require('chai');
const { reporters } = require('mocha');

/** The socket on which `scripts/mocha.mjs` listens. */
const COUNTS_FD = 3;
/** Characters of an error in the closing list. */
const ERROR_CHARS = 300;

// Assertions name values of that length whole: a list of what was wrong is otherwise told as `[ Array(3) ]`.
config.truncateThreshold = ERROR_CHARS;

/** Mocha's own report for people; for the process that started it, the counts and a line for each failure. */
module.exports = class Reporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    writeFileSync(COUNTS_FD, JSON.stringify({ passes, failures, pending, failed: this.failures.map(lineOf) }));
  }
};

/** The source, the title and the first line of the error of a test or hook that failed. */
function lineOf(test) {
  const source = relative('dist', test.file ?? '').replace(/\.js$/, '.ts');
  return `${source}: ${test.fullTitle()}: ${reasonOf(test.err).slice(0, ERROR_CHARS)}`;
}

/** The first line of an error, followed by those of its causes. */
function reasonOf(error, depth = 0) {
  const line = String(error?.message || error?.name || error)
    .trim()
    .split('\n')[0];
  return error?.cause === undefined || depth === 3 ? line : `${line}: ${reasonOf(error.cause, depth + 1)}`;
}
