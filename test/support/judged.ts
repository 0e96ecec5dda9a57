import { expect } from 'chai';
import type { Judgement, Status } from '../../doctor/finding.js';

/** Expects a judgement of that status whose words fit; a warning or a fault also says why, and what to do. */
export function expectJudged(judgement: Judgement, status: Status, what: RegExp, todo?: RegExp): void {
  expect(judgement.status, JSON.stringify(judgement)).to.equal(status);
  expect(judgement.what).to.match(what);
  if (judgement.status !== 'warning' && judgement.status !== 'fault') return;
  expect(judgement.why).to.match(/\w{3}/);
  expect(judgement.todo).to.match(todo ?? /\w{3}/);
}
