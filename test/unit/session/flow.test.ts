import { expect } from 'chai';
import fc from 'fast-check';
import { Flow } from '../../../proxy/session/life/flow.js';
import { FakeSocket } from '../../support/fake-socket.js';

const MARKS = { highMark: 1_000, lowMark: 200 };

function flow(): { flow: Flow; from: FakeSocket; to: FakeSocket } {
  const [from, to] = [new FakeSocket(), new FakeSocket()];
  return { flow: new Flow(from, to, MARKS), from, to };
}

describe('flow between two sockets', () => {
  it('[RELAY-1] passes messages on as they came, in their order', () => {
    const { flow: one, to } = flow();
    one.pass(Buffer.from('a'), false);
    one.pass(Buffer.from('b'), true);
    expect(to.sent.map(({ data, binary }) => [data.toString(), binary])).to.deep.equal([
      ['a', false],
      ['b', true],
    ]);
  });

  it('[RELAY-4] leaves the near side unread from above the high mark until the low mark', () => {
    const { flow: one, from, to } = flow();
    const states: boolean[] = [];
    const left = (backlog: number, step: () => void): void => {
      to.backlog = backlog;
      step();
      states.push(from.paused);
    };
    const message = (): void => one.pass(Buffer.from('x'), false);
    left(1_000, message);
    left(1_001, message);
    left(201, () => one.drained(201));
    left(200, () => one.drained(200));
    left(1_000, message);
    expect(states).to.deep.equal([false, true, true, false, false]);
  });

  it('[RELAY-4] pauses and resumes by turns, whatever comes', () => {
    const backlogs = fc.array(fc.tuple(fc.boolean(), fc.nat(2_000)), { maxLength: 60 });
    fc.assert(
      fc.property(backlogs, (steps) => {
        const calls: string[] = [];
        const held: boolean[] = [];
        const to = new FakeSocket();
        const source = { pause: () => void calls.push('pause'), resume: () => void calls.push('resume') };
        const one = new Flow(source, to, MARKS);
        for (const [isMessage, backlog] of steps) {
          to.backlog = backlog;
          if (isMessage) one.pass(Buffer.alloc(1), true);
          else one.drained(backlog);
          held.push(calls.at(-1) === 'pause');
        }
        const due = (at: number): boolean | undefined => dueAfter(steps[at] ?? [false, 0]);
        expect(held).to.deep.equal(held.map((is, at) => due(at) ?? is));
        expect(calls).to.deep.equal(calls.map((_, at) => (at % 2 === 0 ? 'pause' : 'resume')));
      }),
    );
  });
});

/** Whether the near side must be held after a step; undefined where that depends on the state before. */
function dueAfter([isMessage, backlog]: readonly [boolean, number]): boolean | undefined {
  if (isMessage) return backlog > MARKS.highMark ? true : undefined;
  return backlog <= MARKS.lowMark ? false : undefined;
}
