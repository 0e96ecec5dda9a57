import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect } from 'chai';
import { startHttpProxy, type TestProxy } from '../support/http-proxy.js';
import { ask } from '../support/peers.js';
import { type Program, runProgramWith } from '../support/program.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

describe('ws-proxy peer in a network that lets nobody out', function () {
  // Each test starts processes.
  this.timeout(20_000);
  let service: Service;
  let front: TlsFront;
  let scratch: Scratch;
  let connection: readonly string[];
  let api: Server;
  let corporate: RawAuthority;
  let plain: TestProxy;
  let secure: TestProxy;
  let programs: Program[];

  before(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    scratch = new Scratch();
    const { cert, key, ca } = front.client('peer');
    const files = ['--cert', scratch.write('x.pkeycert.pem', key + cert), '--ca', scratch.write('root.cert.pem', ca)];
    connection = ['--url', `${front.origin}/micronets/v1/ws-proxy/sub/1`, ...files];
    api = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
    api.listen(scratch.path('api.sock'));
    await once(api, 'listening');
    corporate = new RawAuthority([['2.5.4.3', 'Corporate']]);
    plain = await startHttpProxy();
    secure = await startHttpProxy(corporate.issue({ subject: [['2.5.4.3', 'p']], names: [{ dns: 'localhost' }] }));
  });

  beforeEach(() => {
    programs = [];
    plain.answer = undefined;
  });

  afterEach(async () => {
    await Promise.all(programs.map((program) => program.stop('SIGKILL')));
  });

  after(async () => {
    api.close();
    await Promise.all([plain.stop(), secure.stop()]);
    await front.stop();
    await service.stop();
    scratch.remove();
  });

  function peer(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Program {
    const program = runProgramWith(variables, 'peer', ...args);
    programs.push(program);
    return program;
  }

  it('goes through the HTTP proxies of HTTPS_PROXY, by TLS too, to an API on a unix socket', async () => {
    const trust = { NODE_EXTRA_CA_CERTS: scratch.write('corporate.pem', corporate.certificate) };
    const upstream = `unix:${scratch.path('api.sock')}:/v1`;
    const behind = { HTTPS_PROXY: `https://me:secret@localhost:${secure.port}`, ...trust };
    const gateway = peer(behind, 'gateway', ...connection, '--upstream', upstream);
    const bridge = peer(
      { https_proxy: `localhost:${plain.port}` },
      'bridge',
      ...connection,
      '--listen',
      'x.localhost:0',
    );
    const line = await bridge.line('stdout', /^paired /);
    expect(await gateway.line('stdout', /^paired /)).to.contain(`upstream=${upstream}`);
    const told = await gateway.line('stderr', /dialling through/);
    expect(told).to.equal(`peer: dialling through the HTTP proxy localhost:${secure.port} (HTTPS_PROXY)`);
    const seen = await ask(`${/http=(\S+)/.exec(line)?.[1]}/x?y`);
    expect(seen.body.toString()).to.match(/^localhost \/v1\/x\?y/);
    for (const proxy of [plain, secure]) {
      expect(proxy.asked.map(({ url }) => url)).to.deep.equal([new URL(front.origin).host]);
    }
    expect(secure.asked[0]?.headers['proxy-authorization']).to.equal(`Basic ${btoa('me:secret')}`);
    expect(await Promise.all([gateway.stop(), bridge.stop()])).to.deep.equal([0, 0]);
    await Promise.all([plain.idle(), secure.idle()]);
  });

  it('says what an HTTP proxy wants, and comes again', async () => {
    plain.answer = (_request, socket) => void socket.resume().write('HTTP/1.1 407 Log in\r\n\r\n');
    const program = peer({ HTTPS_PROXY: `http://localhost:${plain.port}` }, 'interactive', ...connection);
    await program.line(
      'stderr',
      /ATTENTION: not connected: the HTTP proxy localhost:\d+ \(HTTPS_PROXY\) asks for user/,
    );
    plain.answer = undefined;
    await program.line('stderr', /connected; waiting for the other peer/);
    expect(await program.stop()).to.equal(0);
  });

  it('goes past it where NO_PROXY says so, and ends with 2 on a proxy of a kind that it does not speak', async () => {
    const past = peer({ HTTPS_PROXY: 'http://127.0.0.1:1', no_proxy: 'localhost' }, 'interactive', ...connection);
    await past.line('stderr', /connected; waiting for the other peer/);
    const socks = peer({ ALL_PROXY: 'socks5://me:secret@localhost:1' }, 'interactive', ...connection);
    expect(await socks.ended).to.equal(2);
    expect(await socks.line('stderr', /ALL_PROXY/))
      .to.contain('a proxy of kind socks5')
      .and.not.to.contain('secret');
  });
});
