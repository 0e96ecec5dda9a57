import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { type DialOptions, dial, type HttpProxy } from '../../proxy/transport/dial/dial.js';
import { DialError } from '../../proxy/transport/dial/dial-error.js';
import { startHttpProxy, type TestProxy } from '../support/http-proxy.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const PATH = '/micronets/v1/ws-proxy/tunnel';

async function errorOf(url: string, options: DialOptions): Promise<DialError> {
  try {
    (await dial(url, options)).terminate();
  } catch (error) {
    if (error instanceof DialError) return error;
    throw error;
  }
  throw new Error('the dial went through');
}

describe('a dial through an HTTP proxy', () => {
  let service: Service;
  let front: TlsFront;
  let own: ReturnType<TlsFront['client']>;
  let proxy: TestProxy;
  let via: HttpProxy;
  let target: string;

  before(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    own = front.client('one');
    target = new URL(front.origin).host;
  });

  beforeEach(async () => {
    proxy = await startHttpProxy();
    via = { host: '127.0.0.1', port: proxy.port, secure: false, setting: 'HTTPS_PROXY' };
  });

  afterEach(() => proxy.stop());

  after(async () => {
    await front.stop();
    await service.stop();
  });

  it('asks for a way to the host, and speaks TLS with the host itself', async () => {
    const socket = await dial(`${front.origin}${PATH}`, { ...own, via: { ...via, credentials: 'me@corp:p:ss ü' } });
    const [asked] = proxy.asked;
    expect([asked?.method, asked?.url, asked?.headers.host]).to.deep.equal(['CONNECT', target, target]);
    const basic = asked?.headers['proxy-authorization']?.replace('Basic ', '') ?? '';
    expect(Buffer.from(basic, 'base64').toString()).to.equal('me@corp:p:ss ü');
    socket.terminate();
    await proxy.idle();
  });

  it('says nothing of credentials where there are none', async () => {
    (await dial(`${front.origin}${PATH}`, { ...own, via })).terminate();
    expect(proxy.asked[0]?.headers).not.to.have.property('proxy-authorization');
  });

  it('trusts nobody on the way: the host is who its certificate says, or nothing is sent', async () => {
    const stranger = new RawAuthority([['2.5.4.3', 'Stranger']]);
    const false_ = stranger.issue({ subject: [['2.5.4.10', 'proxy']], names: [{ dns: 'localhost' }] });
    proxy.answer = (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const inside = new TLSSocket(socket, { isServer: true, cert: false_.certificate, key: false_.key });
      for (const over of ['error', 'end', 'close']) inside.on(over, () => socket.destroy());
      inside.on('data', () => expect.fail('something was sent'));
    };
    const error = await errorOf(`${front.origin}${PATH}`, { ...own, via });
    expect(error.failure.t).to.equal('tls');
    expect(error.message).to.contain('not signed by the CA given');
    proxy.answer = undefined;
    const other = await errorOf(`${front.origin}${PATH}`, { ...own, via, servername: 'other.example' });
    expect(other.failure).to.include({ t: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await proxy.idle();
  });

  it('keeps the answers of the host apart from those of the HTTP proxy', async () => {
    const error = await errorOf(`${front.origin}/elsewhere`, { ...own, via });
    expect(error.failure).to.deep.equal({ t: 'refused', status: 404, reason: 'not_found', retry: 'never' });
    await proxy.idle();
  });

  for (const [status, credentials, retry, says] of [
    [407, undefined, 'never', 'asks for user and password; give them as http://USER:PASSWORD@HOST:PORT (HTTP 407)'],
    [407, 'me:secret', 'never', 'does not accept our user and password'],
    [403, undefined, 'never', 'does not open a way to localhost:'],
    [503, undefined, 'later', 'does not open a way to localhost:'],
  ] as const) {
    it(`tells what HTTP ${status} of the proxy means${credentials === undefined ? '' : ', with credentials'}`, async () => {
      proxy.answer = (_request, socket) => void socket.resume().write(`HTTP/1.1 ${status} No\r\n\r\n`);
      const asked = credentials === undefined ? via : { ...via, credentials };
      const { failure, message } = await errorOf(`${front.origin}${PATH}`, { ...own, via: asked });
      expect(failure).to.deep.equal({ t: 'http_proxy', code: `HTTP_${status}`, retry });
      expect(message).to.contain(`the HTTP proxy 127.0.0.1:${proxy.port} (HTTPS_PROXY) ${says}`);
      expect(message).to.contain('NO_PROXY').and.not.to.contain('secret');
      await proxy.idle();
    });
  }

  it('names a proxy that is not there, breaks off, or speaks no HTTP', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as { port: number };
    gone.close();
    await once(gone, 'close');
    const none = await errorOf(`${front.origin}${PATH}`, { ...own, via: { ...via, port } });
    expect(none.failure).to.deep.equal({ t: 'http_proxy', code: 'ECONNREFUSED', retry: 'now' });
    expect(none.message).to.equal(
      `the HTTP proxy 127.0.0.1:${port} (HTTPS_PROXY) cannot be used: nobody listens there (ECONNREFUSED)`,
    );
    proxy.answer = (_request, socket) => socket.destroy();
    expect((await errorOf(`${front.origin}${PATH}`, { ...own, via })).failure).to.include({
      t: 'http_proxy',
      code: 'ECONNRESET',
    });
    proxy.answer = (_request, socket) => void socket.resume().write('SSH-2.0-OpenSSH_9\r\n');
    expect((await errorOf(`${front.origin}${PATH}`, { ...own, via })).message).to.contain('does not speak HTTP');
    proxy.answer = (_request, socket) =>
      void socket.resume().write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect((await errorOf(`${front.origin}${PATH}`, { ...own, via })).failure).to.include({ t: 'http_proxy' });
    await proxy.idle();
  });

  it('waits no longer than its time, before the way is open and after, and leaves nothing behind', async () => {
    proxy.answer = (_request, socket) => void socket.resume();
    const before = await errorOf(`${front.origin}${PATH}`, { ...own, via, connectTimeout: 50 });
    expect(before.failure).to.deep.equal({ t: 'timeout', retry: 'later' });
    expect(before.message).to.contain('(HTTPS_PROXY) opens no way in time');
    await proxy.idle();
    proxy.answer = (_request, socket) => void socket.resume().write('HTTP/1.1 200 OK\r\n\r\n');
    const after = await errorOf(`${front.origin}${PATH}`, { ...own, via, handshakeTimeout: 50 });
    expect(after.message).to.equal('no answer to the handshake in time');
    await proxy.idle();
  });

  it('tells of a way that breaks off, and leaves none open when the dial cannot even begin', async () => {
    proxy.answer = (_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', () => (socket as Socket).resetAndDestroy());
    };
    const reset = await errorOf(`${front.origin}${PATH}`, { ...own, via });
    expect(reset.failure).to.deep.equal({ t: 'unreachable', code: 'ECONNRESET', retry: 'now' });
    await proxy.idle();
    proxy.answer = undefined;
    const unreadable = await dial(`${front.origin}${PATH}`, { ...own, cert: 'no PEM', via }).catch(String);
    expect(unreadable).to.contain('PEM');
    await proxy.idle();
  });

  it('speaks TLS whatever the case of wss:', async () => {
    (await dial(`${front.origin.replace('wss:', 'WSS:')}${PATH}`, { ...own, via })).terminate();
    await proxy.idle();
  });

  it('gives up when told', async () => {
    const stop = new AbortController();
    proxy.answer = (_request, socket) => {
      socket.resume();
      stop.abort();
    };
    expect((await errorOf(`${front.origin}${PATH}`, { ...own, via, signal: stop.signal })).failure.t).to.equal(
      'aborted',
    );
    await proxy.idle();
  });

  it('speaks TLS to a proxy that asks for it, and checks whose it is', async () => {
    const identity = front.authority.issue({ subject: [['2.5.4.3', 'p']], names: [{ dns: 'localhost' }] });
    const secure = await startHttpProxy(identity);
    const error = await errorOf(`${front.origin}${PATH}`, {
      ...own,
      via: { ...via, host: 'localhost', port: secure.port, secure: true },
    });
    expect(error.failure).to.include({ t: 'http_proxy', retry: 'later' });
    expect(error.message).to.contain('NODE_EXTRA_CA_CERTS');
    expect(secure.asked).to.have.length(0);
    await secure.stop();
  });
});
