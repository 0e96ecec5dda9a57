import { expect } from 'chai';
import fc from 'fast-check';
import { FINGERPRINT, HERE, NOWHERE, played, type Story, THERE } from '../../support/placed-upgrade.js';

describe('placing', () => {
  it('[MEET-9] here: the upgrade is seated, and its end gives the meetup back', async () => {
    for (const isLate of [false, true]) {
      const run = await played({ isLate });
      expect(run.owed).to.equal(1);
      expect(run.admitted?.admission.via).to.equal(undefined);
      if (run.admitted !== undefined) run.admitted.room.left(run.admitted.admission, false);
      expect([run.owed, run.limits.connections(FINGERPRINT)]).to.deep.equal([0, 0]);
    }
  });

  it('[MEET-9] nowhere: 503 with Retry-After', async () => {
    const run = await played({ placements: [NOWHERE] });
    expect([run.raw.status, run.refused]).to.deep.equal([503, ['unplaced']]);
    expect(run.raw.text).to.match(/^retry-after: 1\r$/im);
  });

  it('[MEET-9] there: handed on, and what a hop shows is told to who places', async () => {
    const run = await played({ placements: [THERE], hops: ['refused', 'replaced', 101] });
    expect(run.evidence).to.deep.equal([undefined, 'refused', 'replaced']);
    expect([run.refused, run.limits.connections(FINGERPRINT)]).to.deep.equal([[], 0]);
  });

  it('[MEET-9] there, and nobody answers: three are tried, then 503', async () => {
    const run = await played({ placements: [THERE], hops: [] });
    expect(run.evidence).to.deep.equal([undefined, 'silent', 'silent', 'silent']);
    expect(run.refused).to.deep.equal(['unplaced']);
  });

  it('[MEET-9] there, and too many are on their way there: 503, and nothing is told of that replica', async () => {
    const run = await played({ placements: [THERE], hops: ['crowded'] });
    expect([run.raw.status, run.refused, run.evidence]).to.deep.equal([503, ['unplaced'], [undefined]]);
  });

  it('[MEET-9] there, and no place is found in time after that: 503, and a place that comes too late is given back', async () => {
    const run = await played({ placements: [THERE, HERE], hops: ['silent'], isStuck: true });
    expect([run.raw.status, run.refused, run.range.most, run.owed]).to.deep.equal([503, ['unplaced'], 1, 0]);
  });

  it('[MEET-9] there, for an upgrade that was handed on: 421 with the own incarnation, never two hops', async () => {
    const run = await played({ placements: [THERE], hop: true, hops: [101] });
    expect([run.raw.status, run.refused]).to.deep.equal([421, ['misdirected']]);
    expect(run.raw.text).to.match(/^x-ws-proxy-incarnation: r1-1\r$/m);
  });

  it('one that was handed on says by whom', async () => {
    const run = await played({ hop: true });
    expect(run.admitted?.admission.via).to.equal('r2-1');
  });

  it('one that another incarnation was meant to get: 421, whatever else is wrong with it', async () => {
    const run = await played({ hop: true }, { 'x-ws-proxy-owner': 'r1-0', 'sec-websocket-key': 'x' });
    expect([run.raw.status, run.evidence]).to.deep.equal([421, []]);
  });

  it('[CLOSE-4] a replica that drains speaks for who sits, and sends others back to who handed them on', async () => {
    const full = await played({ hop: true, door: ['draining', 'in'], contest: 'meetup_full' });
    expect([full.refused, full.evidence]).to.deep.equal([['meetup_full'], []]);
    const free = await played({ hop: true, door: ['draining', 'in'] });
    expect([free.refused, free.evidence]).to.deep.equal([['misdirected'], []]);
    const meanwhile = await played({ hop: true, door: ['in', 'draining'] });
    expect(meanwhile.refused).to.deep.equal(['misdirected']);
    const own = await played({ door: ['draining', 'in'] });
    expect(own.refused).to.deep.equal(['draining']);
  });

  it('a client cannot mark itself: 400, for one mark or both, and for what is not a mark yet', async () => {
    for (const mark of ['x-ws-proxy-hop', 'x-ws-proxy-owner', 'x-ws-proxy-anything']) {
      const run = await played({}, { [mark]: 'r1-1' });
      expect([run.raw.status, run.refused, run.evidence]).to.deep.equal([400, ['request_invalid'], []]);
    }
  });

  it('a hop without marks, with half of them, twice or malformed: 400', async () => {
    const bad = [
      { 'x-ws-proxy-hop': '' },
      { 'x-ws-proxy-owner': '' },
      { 'x-ws-proxy-hop': 'r2-1, r3-1' },
      { 'x-ws-proxy-hop': 'r'.repeat(257) },
    ];
    for (const headers of bad) {
      const run = await played({ hop: true }, headers);
      expect([run.raw.status, run.refused, run.evidence]).to.deep.equal([400, ['request_invalid'], []]);
    }
  });

  it('gives back what it took exactly once, whatever happens', async () => {
    const placement = fc.constantFrom(HERE, THERE, NOWHERE);
    const story: fc.Arbitrary<Story> = fc.record({
      placements: fc.array(placement, { minLength: 1, maxLength: 4 }),
      isLate: fc.boolean(),
      hop: fc.boolean(),
      hops: fc.array(
        fc.constantFrom<Story['hops'][number]>('refused', 'replaced', 'silent', 'moved', 'crowded', 101, 409),
        {
          maxLength: 4,
        },
      ),
      contest: fc.constantFrom('free', 'free', 'meetup_full', 'fault'),
      door: fc.tuple(
        fc.constantFrom('in' as const, 'in' as const, 'draining' as const),
        fc.constantFrom('in' as const, 'in' as const, 'draining' as const, 'revoked' as const, 'fault' as const),
      ),
      isLost: fc.boolean(),
      accept: fc.constantFrom('accepted', 'accepted', 'gone', 'fault'),
      goes: fc.constantFrom('later', 'later', 'placing', 'contest'),
    });
    await fc.assert(
      fc.asyncProperty(story, fc.boolean(), async (told, hadGreeted) => {
        const run = await played(told);
        if (run.admitted !== undefined) {
          const { admission, room } = run.admitted;
          expect(run.owed).to.equal(1);
          if (hadGreeted) room.greeted(admission);
          room.left(admission, hadGreeted);
        }
        expect(run.owed).to.equal(0);
        expect(run.range.most).to.be.at.most(1);
        expect(run.range.least).to.equal(0);
        expect(run.limits.connections(FINGERPRINT)).to.equal(0);
        const next = Array.from({ length: 4 }, () => run.limits.admit(FINGERPRINT, {}, 0)?.label);
        expect(next).to.deep.equal([undefined, undefined, undefined, 'greeting_full']);
        expect(run.refused.length).to.be.at.most(1);
      }),
      { numRuns: 500 },
    );
  });
});
