import { expect } from 'chai';
import type { Answer, Peer, Point, Service } from '../../../page/answer.js';
import { MAX_POINTS, Model } from '../../../page/model.js';
import { FIRST } from '../../../page/view.js';

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
  calls: 0,
  remembers: true,
  spansTo: null,
  traceLink: null,
  quickStart: null,
};

const peer = { id: 'p', messagesIn: 10, bytesIn: 1_000 } as Peer;

function answer(given: Partial<Answer> = {}): Answer {
  return {
    service,
    sessions: { matching: 0, offset: 0, perPage: 25, items: [] },
    gone: [],
    calls: { items: [], fitting: 0, kept: 0, since: 0 },
    callsMark: '',
    troubles: { items: [], refused: 0, ended: 0, since: 0, toldByEdge: null },
    points: [],
    meetup: null,
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

function points(...sequences: readonly number[]): Point[] {
  const nothing = { at: 0, ms: 2_000, ok: 0, failed: 0, answered4xx: 0, total: [], proxy: [], messages: 0, bytes: 0 };
  return sequences.map((sequence) => ({ sequence, ...nothing }));
}

describe('what the page knows', () => {
  const question = (model: Model, view = FIRST, now = 0): URLSearchParams =>
    new URLSearchParams(model.question(view, now));

  it('asks for the points that come after the last that it has, and for all that the view shows', () => {
    const model = new Model();
    expect(Object.fromEntries(question(model))).to.include({ service: '', points: '0', calls: '', meetup: '' });
    model.take(answer({ points: points(4, 5) }), 0);
    const view = { ...FIRST, calls: ' /v1 ', failure: 'errors', meetup: 'sub/1', offset: 25 } as const;
    const asked = Object.fromEntries(question(model, view));
    expect(asked).to.include({ service: 'one', points: '5', calls: '/v1', failure: 'errors', meetup: 'sub/1' });
    expect(asked['offset']).to.equal('25');
  });

  it('says which calls it has, as long as it asks for the same, and keeps them where the answer has none', () => {
    const model = new Model();
    const calls = { items: [], fitting: 7, kept: 9, since: 0 };
    const have = (view = FIRST): string | null => question(model, view).get('have');
    expect(have()).to.equal('');
    model.take(answer({ calls, callsMark: '9.9' }), 0);
    expect(have({ ...FIRST, offset: 25, sessions: 'x' })).to.equal('9.9');
    model.take(answer({ calls: null, callsMark: '9.9' }), 0);
    expect([model.calls, have()]).to.deep.equal([calls, '9.9']);
    for (const other of [{ calls: 'x' }, { failure: 'errors' }, { range: 'between', from: 5 }] as const) {
      expect(have({ ...FIRST, ...other }), JSON.stringify(other)).to.equal('');
    }
    // The last question asked for others.
    model.take(answer({ calls: { ...calls, fitting: 1 }, callsMark: '10.9' }), 0);
    expect(have()).to.equal('');
  });

  it('reckons a range of time by the clock of the service', () => {
    const model = new Model();
    model.take(answer({ service: { ...service, now: 10_000_000 } }), 4_000);
    const asked = question(model, { ...FIRST, range: '10m' }, 5_000);
    expect([asked.get('from'), asked.get('to')]).to.deep.equal([String(10_001_000 - 600_000), '0']);
  });

  it('knows about which meetup the last answer is', () => {
    const model = new Model();
    question(model, { ...FIRST, meetup: 'sub/1' });
    expect(model.meetupAsked).to.equal('');
    model.take(answer(), 0);
    expect(model.meetupAsked).to.equal('sub/1');
  });

  it('points that come twice change nothing, and the last are kept and no more', () => {
    const model = new Model();
    const same = answer({ points: points(1, 2) });
    model.take(same, 0);
    model.take(same, 0);
    expect(model.points.map(({ sequence }) => sequence)).to.deep.equal([1, 2]);
    model.take(answer({ points: points(...Array.from({ length: 500 }, (_, n) => n + 1)) }), 0);
    expect(model.points).to.have.length(MAX_POINTS);
    expect(model.points.at(-1)?.sequence).to.equal(500);
  });

  it('forgets the points when the service was started anew', () => {
    const model = new Model();
    model.take(answer({ points: points(7) }), 0);
    model.take(answer({ service: { ...service, id: 'two' }, points: points(1) }), 0);
    expect(model.points.map(({ sequence }) => sequence)).to.deep.equal([1]);
  });

  it('tells what a peer sends each second from two answers', () => {
    const model = new Model();
    model.take(withPeer(10_000, 10, 1_000), 0);
    expect(model.rates.get('p')).to.equal(undefined);
    model.take(withPeer(12_000, 30, 5_000), 0);
    expect(model.rates.get('p')).to.deep.equal({ messages: 10, bytes: 2_000 });
  });
});
