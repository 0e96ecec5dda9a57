import { expect } from 'chai';
import { TAP_QUEUE_BYTES, TAP_QUEUE_MESSAGES, TAP_RATE, Tap } from '../../../proxy/control/calls/tap.js';
import { Taps } from '../../../proxy/control/calls/taps.js';
import { ending } from '../../../proxy/wire/close.js';
import { Core } from '../../support/core.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('tap', () => {
  const core = new Core();
  const [one] = core.pair();
  const { session } = one.peer;
  if (session === undefined) throw new Error('no session');

  const made = (bodyBytes = 0): { tap: Tap; clock: FakeClock; see: (data: Buffer, binary?: boolean) => void } => {
    const clock = new FakeClock();
    const tap = new Tap(clock, bodyBytes, () => {});
    return { tap, clock, see: (data, binary = false) => tap.see(session, one.peer, data, binary) };
  };
  const all = (tap: Tap): { shown: number; skipped: number } => {
    const sums = { shown: 0, skipped: 0 };
    for (let next = tap.take(); next !== undefined; next = tap.take()) {
      sums.shown += next.message === undefined ? 0 : 1;
      sums.skipped += Number(next.skipped);
    }
    return sums;
  };

  it('takes so many messages a second and no more', () => {
    const { tap, clock, see } = made();
    for (let second = 0; second < 2; second += 1) {
      for (let n = 0; n < TAP_RATE + 5; n += 1) see(Buffer.from('x'));
      expect(all(tap).shown).to.equal(TAP_RATE);
      clock.advance(1000);
    }
  });

  it('holds so many messages and bytes for its client and no more', () => {
    const many = made();
    for (let second = 0; second < 3; second += 1) {
      for (let n = 0; n < TAP_RATE; n += 1) many.see(Buffer.from('x'));
      many.clock.advance(1000);
    }
    many.tap.end(ending('closed_by_peer'));
    expect(all(many.tap)).to.deep.equal({ shown: TAP_QUEUE_MESSAGES, skipped: 3 * TAP_RATE - TAP_QUEUE_MESSAGES });
    expect(many.tap.isDone).to.equal(true);

    const large = made(65_536);
    for (let n = 0; n < 40; n += 1) large.see(Buffer.alloc(65_536), true);
    expect(all(large.tap).shown).to.equal(TAP_QUEUE_BYTES / 65_536);
  });

  it('keeps a copy: what becomes of the read buffer does not matter', () => {
    const { tap, see } = made(100);
    const data = Buffer.from('hello');
    see(data);
    data.fill(0);
    expect(String(tap.take()?.message?.body)).to.equal('hello');
  });

  it('shows nothing of what is not an envelope', () => {
    const { tap, see } = made();
    for (const text of ['', '[]', 'null', '{"message":1}', '{', '{"message":{"messageType":{}}}']) {
      see(Buffer.from(text));
      const message = tap.take()?.message;
      expect(message?.message_type ?? '', text).to.equal('');
      expect(message?.size_bytes).to.equal(text.length);
    }
  });

  it('of one session sees no other, and nothing after it was taken away', () => {
    const taps = new Taps();
    const { tap } = made();
    const data = Buffer.from('x');
    expect(taps.relayed(session, one.peer, data, false)).to.equal(data);
    const detach = taps.attach(session.uid, tap);
    const [other] = new Core().pair();
    if (other.peer.session !== undefined) taps.relayed(other.peer.session, other.peer, data, false);
    expect(tap.take()).to.equal(undefined);
    taps.relayed(session, one.peer, data, false);
    expect(tap.take()?.message?.size_bytes).to.equal(1);
    detach();
    detach();
    taps.relayed(session, one.peer, data, false);
    expect(tap.take()).to.equal(undefined);
    expect(taps.size).to.equal(0);
  });
});
