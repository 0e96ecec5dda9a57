import { expect } from 'chai';
import fc from 'fast-check';
import { defaultBackoff } from '../../../peer/backoff.js';
import { initial, type Move, move, STABLE_MS, type State } from '../../../peer/state.js';
import type { Retry } from '../../../proxy/wire/close.js';

const other = { peerClass: 'gateway', peerId: '1', raw: Buffer.from('{}') };
const why = { reason: 'draining', message: 'the proxy is restarting', retry: 'later' } as const;
const moves: fc.Arbitrary<Move> = fc.constantFrom<Move>(
  { kind: 'opened' },
  { kind: 'greeted', other },
  { kind: 'lost', why },
  { kind: 'lost', why: { ...why, retry: 'never' } },
  { kind: 'waited' },
  { kind: 'stop' },
);
const steps = fc.array(fc.record({ by: moves, after: fc.integer({ min: 0, max: 20_000 }) }));
const at = { now: 0, random: 0.5, backoff: defaultBackoff, stable: STABLE_MS };

function walk(given: readonly { readonly by: Move; readonly after: number }[]): State[] {
  const states: State[] = [initial];
  let now = 0;
  for (const { by, after } of given) {
    now += after;
    states.push(move(states.at(-1) ?? initial, by, { ...at, now }));
  }
  return states;
}

describe('the states of a peer', () => {
  it('end only by the owner, whatever happens: a peer never gives up', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const stopped = walk(given).at(-1)?.kind === 'stopped';
        expect(stopped).to.equal(given.some(({ by }) => by.kind === 'stop'));
      }),
    );
  });

  it('always have a way back to a pair until then', () => {
    const back: Move[] = [{ kind: 'waited' }, { kind: 'opened' }, { kind: 'greeted', other }];
    fc.assert(
      fc.property(steps, (given) => {
        const state = walk(given.filter(({ by }) => by.kind !== 'stop')).at(-1) ?? initial;
        expect(back.reduce((now, by) => move(now, by, at), state).kind).to.equal('paired');
      }),
    );
  });

  it('pair only after a HELLO was sent, and dial only after a wait', () => {
    const before = { waiting: ['connecting'], paired: ['waiting'], connecting: ['backing_off'] } as const;
    fc.assert(
      fc.property(steps, (given) => {
        walk(given).reduce((from, to) => {
          if (from.kind !== to.kind && to.kind in before) {
            expect(before[to.kind as keyof typeof before]).to.include(from.kind);
          }
          return to;
        });
      }),
    );
  });

  it('count failures in a row; a connection that held makes up for them, twice as long where it was to come later', () => {
    const failuresAfter = (retry: Retry, held: number): number => {
      const last = walk([
        { by: { kind: 'lost', why }, after: 0 },
        { by: { kind: 'waited' }, after: 0 },
        { by: { kind: 'opened' }, after: 0 },
        { by: { kind: 'lost', why: { ...why, retry } }, after: held },
      ]).at(-1);
      return last?.kind === 'backing_off' ? last.failures : Number.NaN;
    };
    expect([STABLE_MS - 1, STABLE_MS].map((held) => failuresAfter('now', held))).to.deep.equal([2, 1]);
    for (const retry of ['later', 'never'] as const) {
      expect([2 * STABLE_MS - 1, 2 * STABLE_MS].map((held) => failuresAfter(retry, held))).to.deep.equal([2, 1]);
    }
  });
});
