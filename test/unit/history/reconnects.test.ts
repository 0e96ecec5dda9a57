import { expect } from 'chai';
import { Backlog } from '../../../proxy/history/backlog.js';
import { RECONNECT_TIME, reconnectsIn } from '../../../proxy/history/reconnects.js';
import type { Visit } from '../../../proxy/history/records.js';

describe('how often the peers of a meetup met anew', () => {
  const NOW = 2 * RECONNECT_TIME;
  const past = (...visits: readonly (readonly [session: string, went: number])[]): Backlog<Visit> => {
    const made = new Backlog<Visit>(() => 1);
    for (const [session, went] of visits) made.add({ session, went } as Visit);
    return made;
  };
  const count = (made: Backlog<Visit>): number => reconnectsIn({ past: made }, NOW);

  it('counts a session once, though two peers went', () => {
    expect(count(past(['a', NOW - 9], ['a', NOW - 8], ['b', NOW - 2], ['b', NOW - 1]))).to.equal(2);
  });

  it('looks back for an hour', () => {
    const made = past(['old', NOW - RECONNECT_TIME], ['a', NOW - RECONNECT_TIME + 1], ['b', NOW]);
    expect(count(made)).to.equal(2);
    made.forget();
    made.forget();
    expect(count(made)).to.equal(1);
  });

  it('counts nobody who came without a HELLO, and nothing where nobody went', () => {
    expect(count(past(['', NOW - 1]))).to.equal(0);
    expect(count(past())).to.equal(0);
  });
});
