import { expect } from 'chai';
import fc from 'fast-check';
import type { Entry } from '../../faults/judge/history.js';
import { measure, spread } from '../../faults/judge/measure.js';
import { trueHistory } from '../../faults/judge/true-history.js';
import { readMessage } from '../../faults/peers/message.js';

describe('what is measured of a history', () => {
  it('counts what came, who came back, and calls without an answer', () => {
    fc.assert(
      fc.property(trueHistory, (history) => {
        const closed = history.entries.filter((entry) => entry.t === 'closed');
        const { seen, messages, pairs, recovery, told, calls } = measure(history, {
          injected: 5.5,
          healed: 10,
          toldTo: ['manager', 'gateway'],
          patient: new Set(),
          phases: [],
        });
        expect(seen).to.deep.equal({ '1006, no close frame': closed.length });
        expect(messages).to.equal(history.entries.filter(({ t }) => t === 'received').length);
        expect(recovery.count).to.equal(pairs);
        expect(recovery.worst).to.be.at.least(recovery.median);
        // Connections of the first session alone were there before.
        expect(told.count).to.equal(2 * pairs);
        expect(calls.made).to.equal(new Set(history.entries.flatMap(callOf)).size);
        const unanswered = calls.made - history.entries.filter(isAnswer).length;
        expect(calls.ended).to.equal(unanswered);
        // The next session makes again what did not arrive in one, and the last one stays.
        expect(calls.ended).to.equal(0);
      }),
    );
  });

  it('tells calls without an answer by who made them, and counts one that is made again once', () => {
    const [one, other] = ['m|manager', 'm|gateway'];
    const asks = (on: string, at: number, id: number, call: string): Entry => {
      return { t: 'sent', at, on, message: { kind: 'request', id, digest: `${on} ${id}`, call } };
    };
    const answer = (on: string, at: number, id: number, answers: number): Entry => {
      return { t: 'received', at, on, message: { kind: 'response', id, digest: '', from: '', answers } };
    };
    const entries = [
      ...[asks(`${one}#1`, 1, 1, 'a'), asks(`${one}#1`, 2, 2, 'b'), answer(`${one}#1`, 3, 1, 2)],
      ...[asks(`${one}#2`, 20, 1, 'a'), answer(`${one}#2`, 31, 1, 1), asks(`${one}#2`, 32, 2, 'c')],
      ...[asks(`${other}#1`, 33, 1, 'd')],
    ];
    const phases = [
      { name: 'first', from: 2 },
      { name: 'second', from: 20 },
    ];
    const times = { injected: 2, healed: 100, toldTo: [], patient: new Set([one]), phases };
    expect(measure({ entries, end: 200 }, times).calls).to.deep.equal({
      ...{ made: 4, ended: 2, endedOfPatient: 1, longest: 30 },
      p99: { before: 30, phases: { first: 1, second: 0 } },
    });
  });

  it('takes the middle and the greatest, and nothing of nothing', () => {
    expect(spread([])).to.deep.equal({ count: 0, median: 0, worst: 0 });
    expect(spread([3, 1, 2])).to.deep.equal({ count: 3, median: 2, worst: 3 });
  });
});

describe('a message of the suite', () => {
  it('is read whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { from, kind, isMark } = readMessage(Buffer.from(bytes));
        expect([from, kind, isMark]).to.deep.equal(['', 'event', false]);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readMessage(Buffer.from(text)).digest).to.have.length(12);
      }),
    );
  });

  it('says on which connection it was sent, which one it is and what it answers', () => {
    const body = { messageBody: { from: 'm|manager#1' } };
    const text = JSON.stringify({ message: { messageId: 7, messageType: 'REST:RESPONSE', inResponseTo: 3, ...body } });
    const { digest: _, ...read } = readMessage(Buffer.from(text));
    expect(read).to.deep.equal({ kind: 'response', id: 7, answers: 3, from: 'm|manager#1', isMark: false });
  });
});

function callOf(entry: Entry): string[] {
  return entry.t === 'sent' && entry.message.call !== undefined ? [entry.message.call] : [];
}

function isAnswer(entry: Entry): boolean {
  return entry.t === 'received' && entry.message.kind === 'response';
}
