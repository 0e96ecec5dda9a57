import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { startNats, type TestNats, useNats } from '../support/nats.js';

describe('the NATS server of the tests', () => {
  const nats = useNats();

  it('is of the pinned version, and stores', async () => {
    const { info, socket } = await greeted(nats());
    socket.destroy();
    expect(info).to.include({ version: '2.15.1', jetstream: true, headers: true });
  });

  it('can be killed, stopped, wiped and started again on the same port', async () => {
    const { url } = nats();
    for (const end of ['kill', 'stop', 'wipe'] as const) {
      const before = nats().pid;
      const { socket } = await greeted(nats());
      const gone = once(socket.on('error', () => {}).resume(), 'close');
      await nats()[end]();
      await gone;
      if (end !== 'wipe') await nats().start();
      expect(nats().pid).to.not.equal(before);
      expect(nats().url).to.equal(url);
      (await greeted(nats())).socket.destroy();
    }
  });

  it('says why where it cannot start', async () => {
    const failed = await startNats({ config: 'no_such_setting: 1' }).catch((error: Error) => error.message);
    expect(failed).to.match(/no_such_setting/);
  });
});

async function greeted(nats: TestNats): Promise<{ readonly socket: Socket; readonly info: Record<string, unknown> }> {
  const socket = connect(nats.port, '127.0.0.1');
  const [line]: Buffer[] = await once(socket, 'data');
  return { socket, info: JSON.parse(String(line).slice('INFO '.length)) };
}
