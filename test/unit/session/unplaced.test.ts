import { expect } from 'chai';
import { endings } from '../../../proxy/wire/close.js';
import { Core, EMPTY } from '../../support/core.js';

describe('a replica that may have lost its meetups', () => {
  it('[MEET-9] pairs nobody: the second peer is told to come again at once, and the first waits on', () => {
    const core = new Core();
    const first = core.join();
    core.mayPair = false;
    const second = core.join();
    expect(second.socket.closedWith).to.deep.equal({ code: 1012, reason: endings.unplaced.text });
    expect(first.socket.closedWith).to.equal(undefined);
    expect(first.socket.texts.concat(second.socket.texts)).to.deep.equal([]);
    expect(core.present.counts).to.include({ waiting: 1, paired: 0 });
    core.mayPair = true;
    const third = core.join();
    expect([first.socket.texts.length, third.socket.texts.length]).to.deep.equal([1, 1]);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-9] lets its pairs talk, and refuses a third as ever', () => {
    const core = new Core();
    const [one, two] = core.pair();
    core.mayPair = false;
    one.socket.receive('still here');
    expect(two.socket.texts).to.deep.equal(['still here']);
    expect(core.join().socket.closedWith?.code).to.equal(4409);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });

  it('[MEET-9] lets who comes first wait: nobody is paired by that', () => {
    const core = new Core();
    core.mayPair = false;
    const first = core.join();
    expect(first.peer.session?.state.t).to.equal('waiting');
    expect(core.leaks()).to.deep.equal(EMPTY);
  });
});

describe('a meetup that another replica took over', () => {
  it('[CLOSE-10] is left by everybody: both of a pair, who waits, who greets; nobody else', () => {
    const core = new Core();
    const pair = core.pair({ meetupId: 'a' });
    const waiting = core.join({ meetupId: 'b' });
    const greeting = [core.connect({ meetupId: 'a' }), core.connect({ meetupId: 'b' })];
    const others = core.pair({ meetupId: 'c' });
    const meetupIds = new Set(['a', 'b', 'nowhere']);
    expect(core.steering.depose(meetupIds)).to.equal(5);
    for (const { socket } of [...pair, waiting, ...greeting]) {
      expect(socket.closedWith).to.deep.equal({ code: 1012, reason: endings.deposed.text });
    }
    for (const { socket } of others) expect(socket.closedWith).to.equal(undefined);
    expect(core.steering.depose(meetupIds)).to.equal(0);
    expect(core.leaks()).to.deep.equal(EMPTY);
  });
});
