import { expect } from 'chai';
import { Core, EMPTY } from '../../support/core.js';
import { hello, identity } from '../../support/fixtures.js';

const ID = 'sub/8675309/00224dd149bb';

describe('meeting', () => {
  it('[MEET-1] lets the first peer wait for ever when no time is set', () => {
    const core = new Core();
    const { socket } = core.join();
    core.clock.advance(24 * 3_600_000);
    expect(socket.closedWith).to.equal(undefined);
    expect(core.present.sessions.get(ID)?.state.t).to.equal('waiting');
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-1] ends a peer that was alone for longer than the time that is set', () => {
    const core = new Core({ waitTimeout: 60_000 });
    const { socket } = core.join();
    core.clock.advance(59_999);
    expect(socket.closedWith).to.equal(undefined);
    core.clock.advance(1);
    expect(socket.closedWith).to.deep.equal({ code: 4404, reason: 'no other peer came in time: 60 seconds' });
    expect(core.events.slice(-2)).to.deep.equal(['ended p1 lonely', `finished ${ID} finished lonely`]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-1] does not count the time of a pair as waiting', () => {
    const core = new Core({ waitTimeout: 60_000 });
    const [one, two] = core.pair();
    core.clock.advance(120_000);
    expect([one.socket.closedWith, two.socket.closedWith]).to.deep.equal([undefined, undefined]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-2] ends a waiting peer that sends a message', () => {
    const core = new Core();
    const { socket } = core.join();
    socket.receive('{}');
    expect(socket.closedWith).to.deep.equal({ code: 4425, reason: 'message sent before the pair was complete' });
    expect(core.present.sessions.size).to.equal(0);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-3] sends each the HELLO of the other, verbatim, when the second comes', () => {
    const core = new Core();
    const one = core.connect();
    const two = core.connect();
    one.socket.receive(` ${hello('first', 'a')}\n`);
    two.socket.receive(hello('second', 2));
    expect(one.socket.sent).to.deep.equal([{ data: Buffer.from(hello('second', 2)), binary: false }]);
    expect(two.socket.sent).to.deep.equal([{ data: Buffer.from(` ${hello('first', 'a')}\n`), binary: false }]);
    expect(core.present.counts.paired).to.equal(1);
  });

  it('[HELLO-4] keeps the bytes of a HELLO that waits as they came, and nothing of what they lay in', () => {
    const core = new Core();
    const [one, two] = [core.connect(), core.connect()];
    const text = ` {\n"x":"\\u00e9é", ${hello('first').slice(1)}\t`;
    const around = Buffer.concat([Buffer.alloc(60_000), Buffer.from(text), Buffer.alloc(5_000)]);
    one.socket.deliver(around.subarray(60_000, 60_000 + Buffer.byteLength(text)), false);
    around.fill(0);
    two.socket.receive(hello('second'));
    const [given] = two.socket.sent;
    expect(given?.data.toString()).to.equal(text);
    expect(given?.data.buffer.byteLength).to.equal(given?.data.length);
  });

  it('[MEET-3] pairs by the order of the HELLOs, not of the connections', () => {
    const core = new Core();
    const [slow, quick, late] = [core.connect(), core.connect(), core.connect()];
    quick.socket.receive(hello('quick'));
    late.socket.receive(hello('late'));
    slow.socket.receive(hello('slow'));
    expect(quick.socket.texts).to.deep.equal([hello('late')]);
    expect(late.socket.texts).to.deep.equal([hello('quick')]);
    expect(slow.socket.closedWith).to.deep.equal({ code: 4409, reason: 'two live peers already meet here' });
  });

  it('[MEET-3] puts the HELLO before what the second peer says in the same breath', () => {
    const core = new Core();
    const one = core.join();
    const two = core.connect();
    two.socket.receive(hello('two'));
    two.socket.receive('next');
    expect(one.socket.texts).to.deep.equal([hello('two'), 'next']);
  });

  it('[MEET-4] turns a third client away and leaves the pair alone', () => {
    const core = new Core();
    const [one, two] = core.pair();
    const third = core.join();
    expect(third.socket.closedWith?.code).to.equal(4409);
    one.socket.receive('still');
    expect(two.socket.texts).to.deep.equal(['still']);
    expect(core.events).to.deep.equal(['admitted p3', 'ended p3 meetup_full']);
  });

  it('[MEET-6] pairs two peers with one certificate, peerClass and peerId', () => {
    const core = new Core();
    const same = identity();
    const [one, two] = [core.connect({ identity: same }), core.connect({ identity: same })];
    one.socket.receive(hello('same', 1));
    two.socket.receive(hello('same', 1));
    expect(one.socket.texts).to.deep.equal([hello('same', 1)]);
    expect(two.socket.texts).to.deep.equal([hello('same', 1)]);
  });

  it('[MEET-7] seats two roles, or any beside any, but not one role twice', () => {
    const pairs = [
      ['manager', 'gateway', undefined],
      ['gateway', 'manager', undefined],
      ['any', 'any', undefined],
      ['any', 'manager', undefined],
      ['gateway', 'any', undefined],
      ['manager', 'manager', 4412],
      ['gateway', 'gateway', 4412],
    ] as const;
    for (const [first, second, code] of pairs) {
      const core = new Core();
      core.join({ role: first });
      expect(core.join({ role: second }).socket.closedWith?.code, `${first} ${second}`).to.equal(code);
    }
  });

  it('[MEET-8] opens no more meetups than the limit, and one again when one ends', async () => {
    const core = new Core({ maxSessions: 2 });
    const [first] = [core.join({ meetupId: 'a' }), core.join({ meetupId: 'b' })];
    expect(await core.registry.contest({ identity: identity(), meetupId: 'c', role: 'any' })).to.equal('meetups_full');
    expect(core.join({ meetupId: 'c' }).socket.closedWith?.code).to.equal(4503);
    expect(core.join({ meetupId: 'b' }).socket.closedWith).to.equal(undefined);
    first?.socket.gone();
    expect(await core.registry.contest({ identity: identity(), meetupId: 'c', role: 'any' })).to.equal(undefined);
    expect(core.join({ meetupId: 'c' }).socket.closedWith).to.equal(undefined);
  });

  it('[MEET-8] keeps the last tenth of the meetups for certificates that opened few', () => {
    const core = new Core({ maxSessions: 200 });
    const many = identity();
    const open = (at: number, who = many): number | undefined =>
      core.join({ meetupId: `m${at}`, identity: who }).socket.closedWith?.code;
    for (let at = 0; at < 180; at += 1) expect(open(at)).to.equal(undefined);
    expect(open(180)).to.equal(4503);
    const few = identity();
    expect([open(180, few), open(181, few), open(182, few)]).to.deep.equal([undefined, undefined, 4503]);
    // A newcomer to a waiting session opens no further session.
    expect(open(181)).to.equal(undefined);
    for (let at = 182; at < 200; at += 1) expect(open(at, identity())).to.equal(undefined);
    expect(open(200, identity())).to.equal(4503);
    core.present.sessions.get('m0')?.state.first.end('kicked');
    expect([open(201), open(201, identity())]).to.deep.equal([4503, undefined]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-1] gives sessions that open in one millisecond times in the order in which they open', () => {
    const core = new Core();
    const now = core.clock.now();
    for (const meetupId of ['b', 'a', 'c']) core.join({ meetupId });
    core.clock.advance(1);
    core.join({ meetupId: 'd' });
    const times = [...core.present.sessions.values()].map(({ createdAt }) => Math.round((createdAt - now) * 1000));
    expect(times).to.deep.equal([0, 1, 2, 1000]);
  });
});
