import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { hello } from '../support/fixtures.js';
import type { Program } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { serve } from '../support/serve.js';
import { identityHeaders } from '../support/service.js';

/** Longer than every time that the service judges by. */
const STOPPED_MS = 1_500;

describe('serve: a service that was stopped for longer than its times', function () {
  this.timeout(20_000);
  let scratch: Scratch;
  let service: Program;

  before(async () => {
    scratch = new Scratch();
    service = serve({
      listen: `unix:${scratch.path('s.sock')}`,
      'metrics-port': '0',
      policy: 'any-verified',
      'log-format': 'json',
      ...{ 'ping-interval': '1s', 'ping-timeout': '1s', 'hello-timeout': '1s' },
    });
    await service.line('stdout', /"ready"/);
  });
  after(async () => {
    await service.stop('SIGKILL');
    scratch.remove();
  });

  async function open(meetup: string): Promise<WebSocket> {
    const url = `ws+unix:${scratch.path('s.sock')}:/micronets/v1/ws-proxy/${meetup}`;
    const ws = new WebSocket(url, { headers: identityHeaders() });
    await once(ws, 'open');
    return ws;
  }

  it('[HELLO-3, LIVE-3] reads what waits in its sockets before it judges anybody', async () => {
    const paired = [await open('a'), await open('a')];
    const met = paired.map((ws) => once(ws, 'message'));
    for (const ws of paired) ws.send(hello());
    await Promise.all(met);
    const pinged = paired.map((ws) => once(ws, 'ping'));
    await Promise.all(pinged);
    const greeting = [await open('b'), await open('b')];
    service.signal('SIGSTOP');
    for (const ws of greeting) ws.send(hello());
    await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
    const joined = greeting.map((ws) => once(ws, 'message'));
    service.signal('SIGCONT');
    await Promise.all(joined);
    const passed = once(paired[1] as WebSocket, 'message');
    paired[0]?.send('still here');
    expect(String((await passed)[0])).to.equal('still here');
    for (const ws of [...paired, ...greeting]) ws.terminate();
  });
});
