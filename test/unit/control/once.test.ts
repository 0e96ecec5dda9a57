import { expect } from 'chai';
import fc from 'fast-check';
import { Fault } from '../../../proxy/control/rpc/fault.js';
import { Once, REMEMBER_MOST, REMEMBER_TIME } from '../../../proxy/control/rpc/once.js';
import { Slots } from '../../../proxy/control/rpc/slots.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';
import { failure } from '../../support/grpc-calls.js';

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
  const ask = async (id: string, more = {}, who: typeof caller = caller): Promise<number> =>
    (await once.do('Kick', who, { request_id: id, ...more }, work)).n;

  it('gives the first answer again, for a time', async () => {
    expect([await ask('a'), await ask('a')]).to.deep.equal([1, 1]);
    clock.advance(REMEMBER_TIME);
    expect(await ask('a')).to.equal(2);
  });

  it('does every call without an id', async () => {
    expect([await ask(''), await ask('')]).to.deep.equal([1, 2]);
  });

  it('keeps callers apart, and requests', async () => {
    expect(await ask('a')).to.equal(1);
    expect(await ask('a', {}, { ...caller, identity: identity() })).to.equal(2);
    const error = await failure(ask('a', { reason: 'other' }));
    expect(error).to.be.instanceOf(Fault);
    expect(error.message).to.contain('was used for another request');
  });

  it('does not remember failures, whether they come at once or later', async () => {
    const fault = new Fault(5, 'SESSION_NOT_FOUND', 'gone');
    const fails = [
      (): object => {
        throw fault;
      },
      () => Promise.reject(fault),
    ];
    for (const [n, fail] of fails.entries()) {
      expect(await failure(once.do('Kick', caller, { request_id: 'a' }, fail))).to.equal(fault);
      expect(await ask('a')).to.equal(n + 1);
      clock.advance(REMEMBER_TIME);
    }
  });

  it('does the work once for calls at the same time, and forgets it for both when it fails', async () => {
    const outcomes: ((answer: Promise<object>) => void)[] = [];
    const slow = (): Promise<object> => new Promise((resolve) => outcomes.push(resolve));
    const both = [1, 2].map(() => once.do('Kick', caller, { request_id: 'a' }, slow));
    expect(outcomes).to.have.length(1);
    outcomes[0]?.(Promise.reject(new Error('late')));
    expect(await Promise.all(both.map(async (one) => (await failure(one)).message))).to.deep.equal(['late', 'late']);
    expect(await ask('a')).to.equal(1);
  });

  it('remembers no more than its bound', async () => {
    for (let n = 0; n <= REMEMBER_MOST; n += 1) await ask(`id-${n}`);
    expect(await ask(`id-${REMEMBER_MOST}`)).to.equal(REMEMBER_MOST + 1);
    expect(await ask('id-0')).to.equal(REMEMBER_MOST + 2);
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
