import { expect } from 'chai';
import type { ProgramOutcome } from './tools.js';

/** How package tools say that they did not reach a registry, or that it does not have what is pinned: no fault of the commands. */
const UNREACHABLE =
  /Could not (?:transfer|find) artifact|dial tcp|no such host|proxyconnect|i\/o timeout|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|Temporary failure in name resolution|\b(?:403|404|410|502|503) (?:Forbidden|Not Found|Gone|Bad Gateway|Service Unavailable)/;

/** Expects that commands that fetch packages came through. False where a registry was not reached, which it says: the test is to be skipped. */
export function cameThrough({ code, output }: ProgramOutcome): boolean {
  if (code !== 0 && UNREACHABLE.test(output)) {
    console.log(`        a registry was not reached:\n${output.split('\n').slice(-5).join('\n')}`);
    return false;
  }
  expect(code, output).to.equal(0);
  return true;
}
