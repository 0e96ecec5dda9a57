import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { probeServer } from '../../../proxy/door/probes.js';

describe('probes', () => {
  const faults: unknown[] = [];
  let server: Server;
  let base: string;

  before(async () => {
    server = probeServer({
      notReady: () => undefined,
      fault: (error) => faults.push(error),
      pages: {
        '/early': () => {
          throw new Error('before the head');
        },
        '/late': (_, response) => {
          response.writeHead(200, { 'content-length': 9 }).write('half');
          throw new Error('in the body');
        },
      },
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  });

  it('a page that throws costs its answer, and the server goes on', async () => {
    const answer = await fetch(`${base}/early`);
    expect([answer.status, await answer.text()]).to.deep.equal([500, 'a fault: the log has it\n']);
    const late = await fetch(`${base}/late`)
      .then((response) => response.text())
      .catch(() => 'broken off');
    expect(late).to.equal('broken off');
    expect(faults.map(String)).to.deep.equal(['Error: before the head', 'Error: in the body']);
    expect((await fetch(`${base}/livez`)).status).to.equal(200);
  });
});
