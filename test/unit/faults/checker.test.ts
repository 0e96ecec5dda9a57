import { expect } from 'chai';
import fc from 'fast-check';
import { type CheckBounds, check, type ViolationKind, violationKinds } from '../../faults/judge/checker.js';
import type { Entry, History } from '../../faults/judge/history.js';
import { spoilers } from '../../faults/judge/spoil.js';
import { TAIL_MS, trueHistory } from '../../faults/judge/true-history.js';

const bounds: CheckBounds = { hello: 1_000, oneSided: 5_000 };

describe('the checker of histories', () => {
  it('finds nothing in a true one, whatever the order in which peers are told of', () => {
    fc.assert(
      fc.property(trueHistory, fc.nat(), (history, seed) => {
        expect(check(history, bounds)).to.deep.equal([]);
        expect(check(shuffled(history, seed), bounds)).to.deep.equal([]);
      }),
    );
  });

  for (const [kind, spoil] of Object.entries(spoilers)) {
    it(`names ${kind}, and nothing else, in one that is spoilt so`, () => {
      let spoilt = 0;
      fc.assert(
        fc.property(trueHistory, fc.nat(), (history, at) => {
          const bad = spoil(history, at, bounds);
          fc.pre(bad !== undefined);
          spoilt += 1;
          expect(kindsIn(bad as History)).to.deep.equal([kind]);
        }),
      );
      expect(spoilt).to.be.above(50);
    });
  }

  it('has a spoiler for every kind', () => {
    expect(Object.keys(spoilers)).to.have.members(Object.keys(violationKinds));
  });

  it('names every kind in one that is spoilt in two ways', () => {
    const kinds = Object.keys(spoilers) as ViolationKind[];
    const two = fc.uniqueArray(fc.constantFrom<ViolationKind>('altered', 'doubled', 'one_sided', 'unanswered'), {
      minLength: 2,
      maxLength: 2,
    });
    expect(kinds).to.include.members(['altered', 'doubled', 'one_sided', 'unanswered']);
    fc.assert(
      fc.property(trueHistory, two, fc.nat(), (history, [one, other], at) => {
        fc.pre(one !== undefined && other !== undefined);
        const once = spoilers[one as ViolationKind](history, at, bounds);
        const twice = once && spoilers[other as ViolationKind](once, at + 7, bounds);
        fc.pre(twice !== undefined);
        const found = kindsIn(twice as History);
        // The second may have spoilt the very message of the first.
        expect([one, other]).to.include.members(found);
        expect(found).to.not.deep.equal([]);
      }),
    );
  });

  it('never throws, whatever is written', () => {
    const name = fc.constantFrom('a|manager#1', 'a|gateway#1', 'b|manager#1', 'a|manager#2', '', 'nonsense');
    const message = fc.record({
      kind: fc.constantFrom('hello', 'request', 'response', 'event'),
      id: fc.nat(4),
      digest: fc.constantFrom('x', 'y'),
      from: name,
    });
    const entry = fc.record({
      t: fc.constantFrom('opened', 'sent', 'received', 'closed', 'refused'),
      at: fc.nat(10_000),
      on: name,
      message,
    });
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const kinds = check({ entries: entries as Entry[], end: 20_000 }, bounds).map(({ kind }) => kind);
        expect(Object.keys(violationKinds)).to.include.members(kinds);
      }),
    );
  });

  it('takes a session that ended a moment ago for none that lives on one side', () => {
    const at = (t: Entry): boolean => t.t === 'closed';
    fc.assert(
      fc.property(trueHistory, (history) => {
        const closed = history.entries.findLast(at);
        fc.pre(closed !== undefined);
        const entries = history.entries.filter((entry) => entry !== closed);
        const soon = { entries, end: history.end - TAIL_MS };
        fc.pre(soon.end - (closed?.at ?? 0) <= bounds.oneSided);
        expect(kindsIn(soon)).to.deep.equal([]);
      }),
    );
  });
});

function kindsIn(history: History): ViolationKind[] {
  return [...new Set(check(history, bounds).map(({ kind }) => kind))];
}

/** Entries of one connection stay in order; those of different ones come in any. */
function shuffled({ entries, end }: History, seed: number): History {
  const queues = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = entry.t === 'refused' ? entry.seat : entry.on;
    queues.set(key, [...(queues.get(key) ?? []), entry]);
  }
  const mixed: Entry[] = [];
  let state = seed;
  while (queues.size > 0) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const keys = [...queues.keys()];
    const key = keys[state % keys.length] ?? '';
    const queue = queues.get(key) ?? [];
    const first = queue.shift();
    if (first !== undefined) mixed.push(first);
    if (queue.length === 0) queues.delete(key);
  }
  return { entries: mixed, end };
}
