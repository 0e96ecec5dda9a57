import { readFileSync } from 'node:fs';
import { Scratch } from '../support/scratch.js';
import { tell } from '../support/tools.js';

/** One case of h2spec: where it stands (`http2/6.5/2`, which runs it alone), what it does, and whether it passed. */
export interface H2Case {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
}

/** The port and the bounds of one run of the cases. */
export interface H2Run {
  /** On loopback, plain. */
  readonly port: number;
  /** Seconds that an answer may take. */
  readonly timeout: number;
  /** Ids of cases; all when there are none. */
  readonly only?: readonly string[];
}

/** A target that answers; nothing of the API is asked of it. */
const PATH = '/v1/sessions';

/** Runs h2spec, the stricter cases too. Rejects when it writes no report. */
export async function runH2spec({ port, timeout, only = [] }: H2Run): Promise<readonly H2Case[]> {
  const scratch = new Scratch();
  try {
    const report = scratch.path('report.xml');
    const where = ['--port', String(port), '--path', PATH, '--timeout', String(timeout)];
    const { output } = await tell('h2spec', [...only, ...where, '--strict', '--junit-report', report]);
    const cases = casesIn(readFileSync(report, 'latin1'));
    if (cases.length === 0) throw new Error(`h2spec ran no case: ${output}`);
    return cases;
  } finally {
    scratch.remove();
  }
}

/** The report quotes what came over the line, so it is no XML that a parser would take. */
function casesIn(report: string): readonly H2Case[] {
  const suites = [...report.matchAll(/<testsuite [^>]*\bpackage="([^"]*)"[^>]*>([\s\S]*?)<\/testsuite>/g)];
  return suites.flatMap(([, suite = '', body = '']) =>
    [...body.matchAll(/<testcase [^>]*\bclassname="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g)].map(
      ([, title = '', said = ''], at) => ({
        id: `${suite}/${at + 1}`,
        title,
        passed: !/<(failure|error)\b/.test(said),
      }),
    ),
  );
}
