import { expect } from 'chai';
import { tersely } from '../../../proxy/transport/lost-writes.js';
import { writeInTurn } from '../../../proxy/transport/turn.js';

describe('writes to connections that may be lost', () => {
  it('put no frame of an error into words that is looked at while they run, and keep its message', () => {
    let stack: string | undefined;
    tersely(() => {
      stack = new Error('write EPIPE').stack;
    });
    expect(stack).to.equal('Error: write EPIPE');
    expect(new Error('afterwards').stack).to.contain('lost-writes.test');
  });

  it('leave an error that is thrown its stack', () => {
    const fault = new Error('ours');
    expect(() =>
      tersely(() => {
        throw fault;
      }),
    ).to.throw(fault);
    expect(fault.stack).to.contain('lost-writes.test');
    expect(new Error('afterwards').stack).to.contain('lost-writes.test');
  });

  it('are those of every turn of the event loop', async () => {
    const stack = await new Promise((resolve) => {
      writeInTurn({ flush: () => resolve(new Error('write EPIPE').stack) });
    });
    expect(stack).to.equal('Error: write EPIPE');
  });
});
