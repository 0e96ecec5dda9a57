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
        });
        expect(seen).to.deep.equal({ '1006, no close frame': closed.length });
        expect(messages).to.equal(history.entries.filter(({ t }) => t === 'received').length);
        expect(recovery.count).to.equal(pairs);
        expect(recovery.worst).to.be.at.least(recovery.median);
        // Connections of the first session alone were there before.
        expect(told.count).to.equal(2 * pairs);
        const unanswered = calls.made - history.entries.filter(isAnswer).length;
        expect(calls.ended).to.equal(unanswered);
      }),
    );
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

function isAnswer(entry: Entry): boolean {
  return entry.t === 'received' && entry.message.kind === 'response';
}
