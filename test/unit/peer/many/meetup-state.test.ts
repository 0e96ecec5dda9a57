import { expect } from 'chai';
import fc from 'fast-check';
import { type MeetupMove, type MeetupState, moveMeetup } from '../../../../peer/many/meetup-state.js';

const why = { reason: 'not_allowed', message: 'the policy does not allow it', retry: 'never' } as const;
const first: MeetupState = { kind: 'opening', since: 0, calls: 0 };
const moves: fc.Arbitrary<MeetupMove> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<MeetupMove>({ kind: 'called' }) },
  {
    weight: 7,
    arbitrary: fc.constantFrom<MeetupMove>(
      { kind: 'ended' },
      { kind: 'paired' },
      { kind: 'late' },
      { kind: 'refused', why },
      { kind: 'expired' },
      { kind: 'closed' },
      { kind: 'stop' },
    ),
  },
);

function walk(by: readonly MeetupMove[]): MeetupState[] {
  const states = [first];
  for (const [at, one] of by.entries()) states.push(moveMeetup(states.at(-1) ?? first, one, at + 1));
  return states;
}

describe('the states of a meetup at a bridge for many', () => {
  it('are open with calls and idle without, and never count below none', () => {
    fc.assert(
      fc.property(fc.array(moves), (by) => {
        for (const state of walk(by)) {
          if (state.kind === 'open') expect(state.calls).to.be.greaterThan(0);
          if ('calls' in state) expect(state.calls).to.be.at.least(0);
        }
      }),
    );
  });

  it('follow one another: a closed or refused one is not open again before it was opened', () => {
    const before: Readonly<Record<MeetupState['kind'], readonly string[]>> = {
      opening: ['closing'],
      open: ['opening', 'idle'],
      idle: ['opening', 'open'],
      closing: ['opening', 'open', 'idle'],
      refused: ['opening', 'open', 'idle'],
      gone: ['closing', 'refused'],
    };
    fc.assert(
      fc.property(fc.array(moves), (by) => {
        walk(by).reduce((from, to) => {
          if (from.kind !== to.kind) expect(before[to.kind]).to.include(from.kind);
          return to;
        });
      }),
    );
  });

  it('end: after a stop and the close that follows there is nothing left', () => {
    fc.assert(
      fc.property(fc.array(moves), (by) => {
        const end: MeetupMove[] = [{ kind: 'stop' }, { kind: 'ended' }, { kind: 'closed' }];
        expect(walk([...by, ...end]).at(-1)?.kind).to.equal('gone');
      }),
    );
  });

  it('keep since when they are what they are, whatever number of calls there is', () => {
    const states = walk([{ kind: 'called' }, { kind: 'paired' }, { kind: 'called' }, { kind: 'ended' }]);
    expect(states.at(-1)).to.deep.equal({ kind: 'open', since: 2, calls: 1 });
  });
});
