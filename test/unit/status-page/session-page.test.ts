import { expect } from 'chai';
import { SESSIONS_PER_PAGE } from '../../../proxy/page/question.js';
import { sessionPage } from '../../../proxy/page/session-page.js';
import { NO_INVOCATIONS } from '../../../proxy/session/views/statistics.js';
import { hello, identity } from '../../support/fixtures.js';
import { Meeting } from '../../support/pair.js';

const ALL = { filter: '', state: 'any', offset: 0 } as const;

describe('the page’s list of sessions', () => {
  it('shows both peers: role, verified subject, claims, address, time and counters', () => {
    const meeting = new Meeting({ statistics: { of: () => ({ ...NO_INVOCATIONS, inFlight: 3 }) } });
    meeting.pair({ identity: identity({ subject: 'CN=m' }) }, { remote: '198.51.100.7', via: 'r2-1' });
    const { matching, items } = sessionPage(meeting.overview, ALL);
    expect([matching, items[0]?.state, items[0]?.open, items[0]?.meetupId]).to.deep.equal([1, 'paired', 3, 'sub/1']);
    expect(items[0]?.peers[0]).to.include({ role: 'manager', subject: 'CN=m', peerId: 'manager 1', rule: 'test' });
    expect(items[0]?.peers.map(({ via }) => via)).to.deep.equal(['', 'r2-1']);
    expect(items[0]?.peers[1]).to.include({ role: 'gateway', remote: '198.51.100.7', messagesIn: 1, messagesOut: 1 });
  });

  it('is newest first, in pages; an offset behind the end gives the last page', () => {
    const meeting = new Meeting();
    for (let i = 0; i < SESSIONS_PER_PAGE + 2; i += 1) meeting.pair();
    const of = (offset: number) => {
      const page = sessionPage(meeting.overview, { ...ALL, offset });
      return [page.matching, page.offset, page.items.length, page.items[0]?.meetupId];
    };
    expect(of(0)).to.deep.equal([27, 0, 25, 'sub/27']);
    expect(of(25)).to.deep.equal([27, 25, 2, 'sub/2']);
    expect(of(1_000)).to.deep.equal([27, 25, 2, 'sub/2']);
  });

  it('finds by meetup id, subject, claim and address, whatever the case, and by state', () => {
    const meeting = new Meeting();
    meeting.pair({ identity: identity({ subject: 'CN=Special' }) }, { remote: '198.51.100.7' });
    meeting.pair();
    meeting.admit({ meetupId: 'gw/alone' }).socket.receive(hello('Lonely One'));
    const found = (filter: string, state: 'any' | 'waiting' | 'paired' = 'any') =>
      sessionPage(meeting.overview, { filter, state, offset: 0 }).items.map((one) => one.meetupId);
    expect(found('special')).to.deep.equal(['sub/1']);
    expect(found('198.51.100.7')).to.deep.equal(['sub/1']);
    expect(found('lonely')).to.deep.equal(['gw/alone']);
    expect(found('', 'paired')).to.deep.equal(['sub/2', 'sub/1']);
    expect(found('sub', 'waiting')).to.deep.equal([]);
  });
});
