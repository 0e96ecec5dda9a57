import { expect } from 'chai';
import fc from 'fast-check';
import { Fault } from '../../../proxy/control/rpc/fault.js';
import { Once, REMEMBER_MOST, REMEMBER_TIME } from '../../../proxy/control/rpc/once.js';
import { Slots } from '../../../proxy/control/rpc/slots.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';

const caller = { identity: identity(), grant: { level: 'operator', tapBodies: false } } as const;

describe('once', () => {
  let clock: FakeClock;
  let once: Once;
  let done: number;
  beforeEach(() => {
    clock = new FakeClock();
    once = new Once(clock);
    done = 0;
  });
  const work = (): { n: number } => {
    done += 1;
    return { n: done };
  };
  const ask = (id: string, more = {}, who: typeof caller = caller): { n: number } =>
    once.do('Kick', who, { request_id: id, ...more }, work);

  it('gives the first answer again, for a time', () => {
    expect([ask('a').n, ask('a').n]).to.deep.equal([1, 1]);
    clock.advance(REMEMBER_TIME);
    expect(ask('a').n).to.equal(2);
  });

  it('does every call without an id', () => {
    expect([ask('').n, ask('').n]).to.deep.equal([1, 2]);
  });

  it('keeps callers apart, and requests', () => {
    expect(ask('a').n).to.equal(1);
    expect(ask('a', {}, { ...caller, identity: identity() }).n).to.equal(2);
    expect(() => ask('a', { reason: 'other' })).to.throw(Fault, 'was used for another request');
  });

  it('does not remember failures', () => {
    const fails = (): object => {
      throw new Fault(5, 'SESSION_NOT_FOUND', 'gone');
    };
    expect(() => once.do('Kick', caller, { request_id: 'a' }, fails)).to.throw('gone');
    expect(ask('a').n).to.equal(1);
  });

  it('remembers no more than its bound', () => {
    for (let n = 0; n <= REMEMBER_MOST; n += 1) ask(`id-${n}`);
    expect(ask(`id-${REMEMBER_MOST}`).n).to.equal(REMEMBER_MOST + 1);
    expect(ask('id-0').n).to.equal(REMEMBER_MOST + 2);
  });
});

describe('slots', () => {
  it('never hold more than their bounds, and give back what was taken once', () => {
    const step = fc.oneof(
      fc.record({ t: fc.constant('take' as const), who: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ t: fc.constant('give' as const), at: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const slots = new Slots(4, 2);
        const held: { who: string; give: () => void }[] = [];
        for (const one of steps) {
          if (one.t === 'give') {
            const [gone] = held.splice(one.at, 1);
            gone?.give();
            gone?.give();
          } else {
            const give = slots.take(one.who);
            const own = held.filter(({ who }) => who === one.who).length;
            expect(give !== undefined).to.equal(held.length < 4 && own < 2);
            if (give !== undefined) held.push({ who: one.who, give });
          }
          expect(slots.used).to.equal(held.length);
        }
      }),
    );
  });
});
