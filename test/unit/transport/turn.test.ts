import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { afterWrites, inTurn, writeInTurn } from '../../../proxy/transport/turn.js';

describe('a turn of the event loop', () => {
  it('writes first and calls those who wait after it, whoever asked first', async () => {
    const calls: string[] = [];
    afterWrites({ written: () => calls.push('after') });
    writeInTurn({ flush: () => calls.push('one') });
    writeInTurn({ flush: () => calls.push('two') });
    expect(calls).to.deep.equal([]);
    await turn();
    expect(calls).to.deep.equal(['one', 'two', 'after']);
  });

  it('leaves to the next turn what is asked for while it ends', async () => {
    const calls: string[] = [];
    writeInTurn({ flush: () => writeInTurn({ flush: () => calls.push('written in the next') }) });
    afterWrites({ written: () => afterWrites({ written: () => calls.push('after the next') }) });
    await turn();
    expect(calls).to.deep.equal([]);
    await turn();
    expect(calls).to.deep.equal(['written in the next', 'after the next']);
  });

  it('has a number of its own', async () => {
    const first = inTurn();
    expect(inTurn()).to.equal(first);
    await turn();
    expect(inTurn()).to.be.greaterThan(first);
  });

  it('has its next number already when those who wait are called', async () => {
    const before = inTurn();
    let seen = before;
    afterWrites({
      written: () => {
        seen = inTurn();
      },
    });
    await turn();
    expect(seen).to.be.greaterThan(before);
  });
});
