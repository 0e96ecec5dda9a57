import { expect } from 'chai';
import type { Answer, Peer, Service } from '../../../page/answer.js';
import { MAX_INVOCATIONS, Model } from '../../../page/model.js';
import { call } from '../../support/page-call.js';

const service: Service = {
  id: 'one',
  replica: 'r1',
  version: '1.0.0',
  now: 10_000,
  startedAt: 0,
  notReady: null,
  drain: { state: 'serving', since: null, until: null },
  files: [],
  peers: 0,
  greeting: 0,
  waiting: 0,
  paired: 0,
  open: 0,
  seen: { invocations: 0, refusals: 0, endings: 0 },
  spansTo: null,
  traceLink: null,
  quickStart: null,
};

const peer = { id: 'p', messagesIn: 10, bytesIn: 1_000 } as Peer;

function answer(given: Partial<Answer> = {}): Answer {
  return {
    service,
    sessions: { matching: 0, offset: 0, perPage: 25, items: [] },
    invocations: [],
    refusals: [],
    endings: [],
    points: [],
    ...given,
  };
}

function withPeer(now: number, messagesIn: number, bytesIn: number): Answer {
  const session = {
    id: 's',
    meetupId: 'sub/1',
    state: 'waiting' as const,
    createdAt: 0,
    pairedAt: null,
    open: 0,
    peers: [{ ...peer, messagesIn, bytesIn }],
  };
  return answer({
    service: { ...service, now },
    sessions: { matching: 1, offset: 0, perPage: 25, items: [session] },
  });
}

describe('what the page knows', () => {
  it('asks for what comes after the last that it has', () => {
    const model = new Model();
    expect(model.question()).to.contain('service=&invocations=0&');
    model.take(answer({ invocations: [call({ sequence: 4 }), call({ sequence: 5 })] }));
    expect(model.question()).to.contain('service=one&invocations=5&refusals=0');
  });

  it('an answer that comes twice changes nothing', () => {
    const model = new Model();
    const same = answer({ invocations: [call({ sequence: 1 }), call({ sequence: 2 })] });
    model.take(same);
    model.take(same);
    expect(model.invocations.map(({ sequence }) => sequence)).to.deep.equal([1, 2]);
  });

  it('keeps the last calls and no more', () => {
    const model = new Model();
    for (let i = 0; i < 5; i += 1) {
      const invocations = Array.from({ length: 100 }, (_, n) => call({ sequence: i * 100 + n + 1 }));
      model.take(answer({ invocations }));
    }
    expect(model.invocations).to.have.length(MAX_INVOCATIONS);
    expect(model.invocations.at(-1)?.sequence).to.equal(500);
  });

  it('forgets everything when the service was started anew', () => {
    const model = new Model();
    model.take(answer({ invocations: [call({ sequence: 7 })] }));
    model.take(answer({ service: { ...service, id: 'two' }, invocations: [call({ sequence: 1 })] }));
    expect(model.invocations.map(({ sequence }) => sequence)).to.deep.equal([1]);
  });

  it('tells what a peer sends each second from two answers', () => {
    const model = new Model();
    model.take(withPeer(10_000, 10, 1_000));
    expect(model.rates.get('p')).to.equal(undefined);
    model.take(withPeer(12_000, 30, 5_000));
    expect(model.rates.get('p')).to.deep.equal({ messages: 10, bytes: 2_000 });
  });
});
