import { expect } from 'chai';
import { harmless, inTurn, type MessageObserver } from '../../../proxy/session/life/message-observer.js';
import { Core } from '../../support/core.js';

describe('observers of messages', () => {
  it('[OBS-2] are told once of the end of a session, each of them, after the readers of the events', () => {
    const told: string[] = [];
    const named = (name: string): MessageObserver => ({
      relayed: (_session, _from, data) => data,
      finished: ({ meetupId }, { label }) => void told.push(`${name} ${meetupId} ${label}`),
    });
    const core = new Core({}, inTurn(named('one'), named('two')));
    const [one] = core.pair({ meetupId: 'm' });
    core.stream.subscribe({ finished: () => void told.push('reader') });
    one.socket.gone();
    expect(told).to.deep.equal(['reader', 'one m closed_by_peer', 'two m closed_by_peer']);
  });

  it('[OBS-2] cost the session nothing where one throws at its end', () => {
    const faults: unknown[] = [];
    const broken: MessageObserver = {
      relayed: (_session, _from, data) => data,
      finished: () => expect.fail('broken'),
    };
    const ends: string[] = [];
    const last: MessageObserver = {
      relayed: (_session, _from, data) => data,
      finished: ({ meetupId }) => void ends.push(meetupId),
    };
    const contained = harmless(broken, (error) => faults.push(error));
    const core = new Core({}, inTurn(contained, last));
    core.pair({ meetupId: 'm' })[0].socket.gone();
    expect([faults.length, ends]).to.deep.equal([1, ['m']]);
  });
});
