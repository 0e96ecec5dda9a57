import { expect } from 'chai';
import fc from 'fast-check';
import { loadConfig } from '../../../proxy/config/load.js';
import { AdmissionLimits, MAX_ABSENT_IDENTITIES } from '../../../proxy/policy/limits/admission-limits.js';

const a = 'a';
const roomy = { total: 20_000, connections: 1000, connectsPerSecond: 1000, connectBurst: 1000, greetings: 1000 };

describe('admission limits', () => {
  it('bounds connections, by the rule’s limit before the default', () => {
    const limits = new AdmissionLimits({ ...roomy, connections: 2 });
    expect(limits.admit(a, {}, 0)).to.equal(undefined);
    expect(limits.admit(a, { connections: 1 }, 0)).to.deep.equal({ label: 'identity_full', detail: 'the limit is 1' });
    expect(limits.admit(a, {}, 0)).to.equal(undefined);
    expect(limits.admit(a, {}, 0)).to.deep.equal({ label: 'identity_full', detail: 'the limit is 2' });
    expect(limits.admit('b', {}, 0)).to.equal(undefined);
    limits.left('a', false);
    expect(limits.admit(a, {}, 0)).to.equal(undefined);
  });

  it('bounds connections without a HELLO', () => {
    const limits = new AdmissionLimits({ ...roomy, greetings: 1 });
    limits.admit(a, {}, 0);
    expect(limits.admit(a, {}, 0)).to.deep.equal({ label: 'greeting_full', detail: 'the limit is 1' });
    limits.greeted('a');
    expect(limits.admit(a, {}, 0)).to.equal(undefined);
    limits.left('a', false);
    limits.left('a', true);
    expect(limits.connections('a')).to.equal(0);
  });

  it('bounds new connections a second, and says when to come again, also to who left', () => {
    const limits = new AdmissionLimits({ ...roomy, connectsPerSecond: 0.5, connectBurst: 1 });
    limits.admit(a, {}, 0);
    limits.left('a', false);
    expect(limits.admit(a, {}, 1)).to.deep.equal({
      label: 'connect_rate',
      detail: 'the limit is 0.5 a second',
      retryAfter: 2,
    });
    expect(limits.admit(a, {}, 2000)).to.equal(undefined);
  });

  it('by default one shared certificate holds thousands of connections and opens hundreds a second', () => {
    const { maxConnections, maxConnectionsPerIdentity, connectRate, connectBurst, maxGreetingsPerIdentity } =
      loadConfig({
        flags: { policy: 'any-verified' },
        environment: {},
      });
    const limits = new AdmissionLimits({
      total: maxConnections,
      connections: maxConnectionsPerIdentity,
      connectsPerSecond: connectRate,
      connectBurst,
      greetings: maxGreetingsPerIdentity,
    });
    let admitted = 0;
    for (let second = 0; second < 20; second += 1) {
      for (let i = 0; i < 500; i += 1) if (limits.admit(a, {}, second * 1000) === undefined) admitted += 1;
      for (let i = 0; i < 500; i += 1) limits.greeted('a');
    }
    expect(admitted).to.equal(10_000);
  });

  it('keeps the last tenth for identities that hold few, so that no two of them keep the rest out', () => {
    const limits = new AdmissionLimits({ ...roomy, total: 1000 });
    const fill = (fingerprint: string, count: number): number => {
      let admitted = 0;
      for (let i = 0; i < count; i += 1) if (limits.admit(fingerprint, {}, 0) === undefined) admitted += 1;
      return admitted;
    };
    expect(fill('a', 500) + fill('b', 500)).to.equal(900);
    expect(limits.admit(a, {}, 0)).to.deep.equal({
      label: 'identity_full',
      detail: 'the last 100 of 1000 are for identities with less than 10',
    });
    // Each newcomer gets up to ten places, while any are left.
    expect(fill('c', 20)).to.equal(10);
    for (let i = 0; i < 9; i += 1) expect(fill(`d${i}`, 10)).to.equal(10);
    expect(fill('e', 1)).to.equal(0);
    limits.left('a', false);
    expect(fill('e', 1)).to.equal(1);
  });

  it('counts what is handed on twice among all and once for its identity, and gives both back', () => {
    const limits = new AdmissionLimits({ ...roomy, total: 1000 });
    const admitted = (): number => {
      let count = 0;
      while (limits.admit(a, {}, 0) === undefined) {
        limits.handedOn('a');
        count += 1;
      }
      return count;
    };
    expect(admitted()).to.equal(450);
    expect(limits.connections('a')).to.equal(450);
    expect(limits.admit('few', {}, 0)).to.equal(undefined);
    for (let n = 0; n < 450; n += 1) limits.handedBack('a');
    expect(limits.connections('a')).to.equal(0);
    limits.left('few', false);
    expect(admitted()).to.equal(450);
  });

  it('keeps nothing of a bound below a hundred', () => {
    const limits = new AdmissionLimits({ ...roomy, total: 99 });
    for (let i = 0; i < 99; i += 1) expect(limits.admit(a, {}, 0)).to.equal(undefined);
    expect(limits.admit(a, {}, 0)?.label).to.equal('identity_full');
  });

  it('forgets who left once there is nothing to remember, and is bounded before that', () => {
    const limits = new AdmissionLimits({ ...roomy, connectsPerSecond: 1 });
    for (let i = 0; i < 2 * MAX_ABSENT_IDENTITIES; i += 1) {
      limits.admit(`${i}`, {}, 0);
      limits.left(`${i}`, false);
    }
    expect(limits.size).to.equal(MAX_ABSENT_IDENTITIES);
    for (let i = 0; i < MAX_ABSENT_IDENTITIES; i += 1) {
      limits.admit('z', {}, 1_000_000 + i);
      limits.left('z', false);
    }
    expect(limits.size).to.be.at.most(1);
  });

  it('property: it counts as a plain model does, and gives everything back', () => {
    const move = fc.record({ who: fc.constantFrom('a', 'b'), what: fc.constantFrom('admit', 'greet', 'leave') });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const limits = new AdmissionLimits({
          total: 9,
          connections: 3,
          connectsPerSecond: 1,
          connectBurst: 1e9,
          greetings: 2,
        });
        const model = new Map([
          ['a', [] as boolean[]],
          ['b', [] as boolean[]],
        ]);
        for (const { who, what } of moves) {
          const own = model.get(who) ?? [];
          steps[what](limits, who, own);
          expect(limits.connections(who)).to.equal(own.length);
        }
        for (const [who, own] of model) for (const greeted of own) limits.left(who, greeted);
        expect(limits.connections('a') + limits.connections('b')).to.equal(0);
        expect(limits.admit(a, {}, 0)).to.equal(undefined);
      }),
    );
  });
});

/** The effect of each move on the table and on its model, which has for each connection whether it sent its HELLO. */
const steps = {
  admit(limits: AdmissionLimits, who: string, own: boolean[]): void {
    const full = own.length >= 3 ? 'identity_full' : undefined;
    const expected = full ?? (own.filter((greeted) => !greeted).length >= 2 ? 'greeting_full' : undefined);
    expect(limits.admit(who, {}, 0)?.label).to.equal(expected);
    if (expected === undefined) own.push(false);
  },
  greet(limits: AdmissionLimits, who: string, own: boolean[]): void {
    if (!own.includes(false)) return;
    own[own.indexOf(false)] = true;
    limits.greeted(who);
  },
  leave(limits: AdmissionLimits, who: string, own: boolean[]): void {
    const greeted = own.shift();
    if (greeted !== undefined) limits.left(who, greeted);
  },
} as const;
