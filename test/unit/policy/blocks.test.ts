import { expect } from 'chai';
import fc from 'fast-check';
import { type Block, type BlockSelector, Blocks, selects } from '../../../proxy/policy/limits/blocks.js';

const ORDER = { reason: 'test', by: 'CN=admin' };
const who = { fingerprint: 'f1', subject: 'CN=a' };

describe('blocks', () => {
  it('keeps out whoever fits every selector, until the time', () => {
    const blocks = new Blocks();
    blocks.add({ fingerprint: 'f1', meetupId: 'sub/1' }, { ...ORDER, until: 100 }, 0);
    expect(blocks.check(who, 'sub/1', 99)?.reason).to.equal('test');
    expect(blocks.check(who, 'sub/1', 100)).to.equal(undefined);
    expect(blocks.check(who, 'sub/2', 99)).to.equal(undefined);
    expect(blocks.check({ ...who, fingerprint: 'f2' }, 'sub/1', 99)).to.equal(undefined);
  });

  it('refuses a selector that would keep everybody out', () => {
    expect(() => new Blocks().add({}, { ...ORDER, until: 1 }, 0)).to.throw('keep everybody out');
  });

  it('renews a block with the same selector, uid kept', () => {
    const blocks = new Blocks();
    const first = blocks.add({ subject: 'CN=a' }, { ...ORDER, until: 10 }, 0);
    const second = blocks.add({ subject: 'CN=a' }, { reason: 'again', by: 'x', until: 20 }, 5);
    expect(second).to.include({ uid: first?.uid, since: 0, until: 20, reason: 'again' });
    expect(blocks.list(6)).to.deep.equal([second]);
  });

  it('holds no more than its capacity, and makes room of those that are over', () => {
    const blocks = new Blocks(2);
    blocks.add({ meetupId: 'a' }, { ...ORDER, until: 10 }, 0);
    blocks.add({ meetupId: 'b' }, { ...ORDER, until: 20 }, 0);
    expect(blocks.add({ meetupId: 'c' }, { ...ORDER, until: 20 }, 5)).to.equal(undefined);
    expect(blocks.add({ meetupId: 'b' }, { ...ORDER, until: 30 }, 5)).to.include({ until: 30 });
    expect(blocks.add({ meetupId: 'c' }, { ...ORDER, until: 20 }, 10)).to.include({ meetupId: 'c' });
  });

  it('is lifted once', () => {
    const blocks = new Blocks();
    const uid = blocks.add({ meetupId: 'a' }, { ...ORDER, until: 10 }, 0)?.uid ?? '';
    expect(blocks.remove(uid, 5)).to.include({ uid });
    expect(blocks.remove(uid, 5)).to.equal(undefined);
    expect(blocks.check(who, 'a', 5)).to.equal(undefined);
  });

  it('answers like a plain list of all orders, after any orders', () => {
    const selector: fc.Arbitrary<BlockSelector> = fc
      .record(
        {
          fingerprint: fc.constantFrom('f1', 'f2'),
          subject: fc.constantFrom('', 'CN=a'),
          meetupId: fc.constantFrom('m1', 'm2'),
        },
        { requiredKeys: [] },
      )
      .filter((one) => Object.keys(one).length > 0);
    const order = fc.record({ selector, time: fc.integer({ min: 1, max: 30 }), wait: fc.nat(10), lift: fc.boolean() });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30 }), (orders) => {
        const blocks = new Blocks(8);
        let plain: Block[] = [];
        let now = 0;
        for (const { selector: of, time, wait, lift } of orders) {
          now += wait;
          plain = plain.filter(({ until }) => until > now);
          const block = blocks.add(of, { ...ORDER, until: now + time }, now);
          if (block === undefined) expect(plain).to.have.length(8);
          else plain = [...plain.filter(({ uid }) => uid !== block.uid), block];
          const [oldest] = plain;
          if (lift && oldest !== undefined) {
            expect(blocks.remove(oldest.uid, now)).to.equal(oldest);
            plain.shift();
          }
          expectSame(blocks, plain, now);
        }
      }),
    );
  });
});

function expectSame(blocks: Blocks, plain: readonly Block[], now: number): void {
  expect(blocks.list(now)).to.deep.equal(plain);
  for (const [fingerprint, subject, meetupId] of everybody) {
    const fitting = plain.filter((one) => selects(one, { fingerprint, subject }, meetupId));
    const longest = fitting.length === 0 ? undefined : Math.max(...fitting.map(({ until }) => until));
    expect(blocks.check({ fingerprint, subject }, meetupId, now)?.until).to.equal(longest);
  }
}

const everybody = ['f1', 'f2'].flatMap((fingerprint) =>
  ['', 'CN=a'].flatMap((subject) => ['m1', 'm2'].map((meetupId) => [fingerprint, subject, meetupId] as const)),
);
