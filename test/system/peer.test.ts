import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startEdge, type TestEdge } from '../support/envoy.js';
import { ask } from '../support/peers.js';
import { type Program, runProgram } from '../support/program.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type Service, startService } from '../support/service.js';

const O = '2.5.4.10';

describe('ws-proxy peer through the real Envoy', function () {
  // Processes start.
  this.timeout(30_000);
  let service: Service;
  let edge: TestEdge;
  let folder: string;
  let api: Server;
  let programs: Program[];

  before(async () => {
    service = await startService();
    edge = await startEdge({ serviceSocket: service.socketPath });
    folder = await mkdtemp(join(tmpdir(), 'wsp-'));
    await writeFile(join(folder, 'root.cert.pem'), edge.authority.certificate);
    for (const [name, authority] of Object.entries({
      manager: edge.authority,
      gateway: edge.authority,
      stranger: new RawAuthority([[O, 'elsewhere']]),
    })) {
      const { certificate, key } = authority.issue({ subject: [[O, name]] });
      await writeFile(join(folder, `${name}.pkeycert.pem`), key + certificate);
    }
    api = createServer((request, response) => {
      if (request.url === '/none') response.writeHead(404);
      else response.writeHead(200, { 'Content-Type': request.headers['content-type'] ?? 'text/plain' });
      request.pipe(response);
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
  });

  beforeEach(() => {
    programs = [];
  });

  afterEach(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
  });

  after(async () => {
    api.close();
    await edge.stop();
    await service.stop();
    await rm(folder, { recursive: true });
  });

  function peer(command: string, certificate: string, ...args: readonly string[]): Program {
    const url = `wss://localhost:${edge.ports.peers}/micronets/v1/ws-proxy/sub/1`;
    const files = ['--cert', join(folder, `${certificate}.pkeycert.pem`), '--ca', join(folder, 'root.cert.pem')];
    const program = runProgram('peer', command, '--url', url, ...files, ...args);
    programs.push(program);
    return program;
  }

  it('carries GET, POST with JSON, PUT with binary and a 404 from an HTTP client to an HTTP API and back', async () => {
    peer('gateway', 'gateway', '--upstream', `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
    const line = await peer('bridge', 'manager', '--listen', '0').line('stdout', /^paired /);
    const http = /http=(\S+)/.exec(line)?.[1] ?? '';
    for (const [method, path, type, body, status] of [
      ['GET', '/', 'text/plain', '', 200],
      ['POST', '/', 'application/json', '{"n": 12345678901234567890}', 200],
      ['PUT', '/', 'image/png', Buffer.from([0, 255, 13, 10]), 200],
      ['GET', '/none', 'text/plain', '', 404],
    ] as const) {
      const seen = await ask(`${http}${path}`, { method, headers: ['Content-Type', type], body });
      expect([seen.status, seen.body.equals(Buffer.from(body))]).to.deep.equal([status, true]);
      if (status === 200) expect(seen.headers['content-type']).to.equal(type);
    }
  });

  it('says that the proxy does not know its CA', async () => {
    const program = peer('interactive', 'stranger');
    await program.line('stderr', /ATTENTION: not connected: the proxy does not know the CA of our certificate/);
    expect(await program.stop()).to.equal(0);
  });
});
