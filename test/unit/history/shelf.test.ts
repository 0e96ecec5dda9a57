import { expect } from 'chai';
import fc from 'fast-check';
import { bytesOfCall, bytesOfRefusal, bytesOfVisit, type KeptCall } from '../../../proxy/history/records.js';
import { Shelf } from '../../../proxy/history/shelf.js';

const BOUND = 256 * 1024;

const callAt = (sequence: number, meetupId: string, path = '/x'): KeptCall => ({
  ...{
    sequence,
    meetupId,
    path,
    traceId: 'f'.repeat(32),
    spanId: '',
    parentSpanId: '',
    isSampled: false,
    query: '',
    claimedTraceId: '',
    session: 's',
    start: sequence,
    method: 'GET',
  },
  ...{ status: 200, outcome: 'ok', failure: undefined, ending: '', requestProxyMs: 0, peerMs: 1, responseProxyMs: 0 },
  ...{
    requester: 'manager',
    responder: 'gateway',
    requesterPeer: '',
    responderPeer: '',
    requestBytes: 1,
    responseBytes: 1,
  },
});

const keep = (shelf: Shelf, meetup: string, sequence: number, path?: string): void => {
  const record = shelf.of(meetup) ?? shelf.open(meetup, 0);
  record.calls.seen += 1;
  record.calls.add(callAt(sequence, meetup, path));
  shelf.settle(record);
};

const share = (meetups: number): number => BOUND / meetups;

/** Bytes of what a shelf holds, counted anew. */
const counted = (shelf: Shelf): number => [...shelf.records].reduce((sum, { bytes }) => sum + bytes, 0);

describe('a bound that meetups share', () => {
  it('is never exceeded, and what is counted is what is there, whatever comes', () => {
    const step = fc.record({
      meetup: fc.integer({ min: 0, max: 30 }).map((n) => `sub/${n}`),
      path: fc.string({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.integer({ min: 0, max: 40_000 }), (steps, bound) => {
        const shelf = new Shelf(bound);
        for (const [n, { meetup, path }] of steps.entries()) {
          keep(shelf, meetup, n, path);
          expect(shelf.bytes).to.be.at.most(bound);
        }
        expect(shelf.bytes).to.equal(counted(shelf));
        for (const { calls, refusals, past } of shelf.records) {
          expect(calls.bytes).to.equal(calls.items.reduce((sum, one) => sum + bytesOfCall(one), 0));
          expect(refusals.bytes).to.equal(refusals.items.reduce((sum, one) => sum + bytesOfRefusal(one), 0));
          expect(past.bytes).to.equal(past.items.reduce((sum, one) => sum + bytesOfVisit(one), 0));
          expect(calls.size).to.be.at.most(calls.seen);
        }
      }),
    );
  });

  it('a busy meetup pushes out nothing of one that has less than half of a share', () => {
    const quiet = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(quiet, fc.integer({ min: 1, max: 8 }), (meetups, calls) => {
        const shelf = new Shelf(BOUND);
        const names = Array.from({ length: meetups }, (_, n) => `quiet/${n}`);
        for (const name of names) for (let k = 0; k < calls; k += 1) keep(shelf, name, k);
        for (let n = 0; n < 2_000; n += 1) keep(shelf, 'busy', n);
        const small = names.map((name) => shelf.of(name)).filter((one) => (one?.bytes ?? 0) < share(meetups + 1) / 2);
        expect(small.every((one) => one?.calls.size === calls)).to.equal(true);
        expect(shelf.of('busy')?.calls.items.at(-1)?.sequence).to.equal(1_999);
      }),
      { numRuns: 10 },
    );
  });

  it('busy ones get alike, to within a factor of two or so', () => {
    const shelf = new Shelf(BOUND);
    for (let n = 0; n < 5_000; n += 1) keep(shelf, `busy/${n % 7}`, n);
    const sizes = [...shelf.records].map(({ calls }) => calls.size);
    expect(Math.max(...sizes)).to.be.at.most(2.5 * Math.min(...sizes));
  });

  it('forgets the least recently used meetup whole only where all are down to what they need', () => {
    const shelf = new Shelf(BOUND);
    for (let n = 0; n < 1_000; n += 1) keep(shelf, `sub/${n}`, n);
    expect(shelf.forgotten).to.equal(1_000 - shelf.size);
    expect(shelf.of('sub/999')).not.to.equal(undefined);
    expect(shelf.of('sub/0')).to.equal(undefined);
  });
});
