// CommonJS, because mocha takes a reporter from `module.exports`.
const { writeSync } = require('node:fs');
const { reporters } = require('mocha');

/** The socket on which `scripts/test.mjs` listens. */
const COUNTS_FD = 3;

/** Mocha's own report for people, and the counts for the process that started it. */
module.exports = class Reporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes = 0, failures = 0, pending = 0 } = this.stats;
    writeSync(COUNTS_FD, JSON.stringify({ passes, failures, pending }));
  }
};
