import { once } from 'node:events';
import { readFile, rename } from 'node:fs/promises';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { hello } from '../support/fixtures.js';
import type { Program } from '../support/program.js';
import { Scratch } from '../support/scratch.js';
import { serve } from '../support/serve.js';
import { identityHeaders, refusedUpgrade } from '../support/service.js';

const PATH = '/micronets/v1/ws-proxy/sub/1';
const REQUEST =
  '{"message":{"messageId":1,"messageType":"REST:REQUEST","requiresResponse":true,"method":"GET","path":"/"}}';
const RESPONSE =
  '{"message":{"messageId":1,"messageType":"REST:RESPONSE","requiresResponse":false,"inResponseTo":1,"statusCode":200}}';

/** Client sockets that keep the messages that they get. */
class Line {
  readonly ws: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly texts: readonly string[] }>;
  readonly #texts: string[] = [];

  constructor(socketPath: string) {
    this.ws = new WebSocket(`ws+unix:${socketPath}:${PATH}`, { headers: identityHeaders() });
    this.ws.on('message', (data) => this.#texts.push(String(data)));
    this.closed = once(this.ws, 'close').then(([code]: number[]) => ({ code: code ?? 0, texts: this.#texts }));
  }

  async said(): Promise<void> {
    await once(this.ws, 'message');
  }
}

describe('serve: signals', () => {
  let scratch: Scratch;
  let socketPath: string;
  let service: Program;
  let metrics: string;

  beforeEach(async function () {
    // A process starts.
    this.timeout(20_000);
    scratch = new Scratch();
    socketPath = scratch.path('s.sock');
    service = serve({
      listen: `unix:${socketPath}`,
      'metrics-port': '0',
      policy: 'any-verified',
      'log-format': 'json',
      'audit-log': scratch.path('audit.log'),
      'drain-interval': '20ms',
    });
    const ready = JSON.parse(await service.line('stdout', /"ready"/)) as { metrics_port: number };
    metrics = `http://127.0.0.1:${ready.metrics_port}`;
  });
  afterEach(async () => {
    await service.stop('SIGKILL');
    scratch.remove();
  });

  it('SIGHUP opens the audit log anew and ends nothing', async () => {
    const path = scratch.path('audit.log');
    await refusedUpgrade(socketPath, PATH, {});
    service.signal('SIGHUP');
    await service.line('stdout', /opened anew/);
    await rename(path, `${path}.1`);
    service.signal('SIGHUP');
    await refusedUpgrade(socketPath, PATH, {});
    expect(await service.stop('SIGTERM')).to.equal(0);
    for (const file of [`${path}.1`, path]) {
      expect(await readFile(file, 'utf8'), file).to.match(/^\{"time":"[^"]+","act":"refuse",.*\}\n$/);
    }
  });

  it('[CLOSE-4] SIGTERM: not ready at once, the answer in flight arrives, then 1012 to both, then the end', async () => {
    const [manager, gateway] = [new Line(socketPath), new Line(socketPath)];
    for (const { ws } of [manager, gateway]) {
      await once(ws, 'open');
      ws.send(hello('peer'));
    }
    await Promise.all([manager.said(), gateway.said()]);
    manager.ws.send(REQUEST);
    await gateway.said();

    const ended = service.stop('SIGTERM');
    await service.line('stdout', /stopping/);
    expect((await fetch(`${metrics}/readyz`)).status).to.equal(503);
    expect((await refusedUpgrade(socketPath, PATH, identityHeaders())).error.reason).to.equal('draining');
    gateway.ws.send(RESPONSE);
    const [toManager, toGateway] = await Promise.all([manager.closed, gateway.closed]);
    expect([toManager.code, toGateway.code]).to.deep.equal([1012, 1012]);
    expect(toManager.texts.at(-1)).to.equal(RESPONSE);
    expect(await ended).to.equal(0);
  });
});
