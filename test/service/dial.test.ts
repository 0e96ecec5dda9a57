import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket as TcpSocket } from 'node:net';
import { expect } from 'chai';
import type { Socket } from '../../proxy/ports/socket.js';
import { type DialOptions, dial } from '../../proxy/transport/dial/dial.js';
import { DialError, type DialFailure } from '../../proxy/transport/dial/dial-error.js';
import { hello } from '../support/fixtures.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const PATH = '/micronets/v1/ws-proxy/dial';

async function failureOf(url: string, options: DialOptions = {}): Promise<DialFailure> {
  try {
    (await dial(url, options)).terminate();
  } catch (error) {
    if (error instanceof DialError) return error.failure;
    throw error;
  }
  throw new Error('the dial went through');
}

/** The first message that comes, after `say` was sent. */
function firstHeard(socket: Socket, say: string): Promise<string> {
  return new Promise((resolve) => {
    socket.listen({
      message: (data) => resolve(data.toString()),
      pong: () => {},
      progress: () => {},
      closed: () => {},
    });
    socket.send(Buffer.from(say), false);
    socket.resume();
  });
}

describe('dial', () => {
  let service: Service;
  let front: TlsFront;
  let own: ReturnType<TlsFront['client']>;

  before(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    own = front.client('one');
  });

  after(async () => {
    await front.stop();
    await service.stop();
  });

  it('opens a socket on which two peers meet; a third is refused with reason and time', async () => {
    const url = `${front.origin}${PATH}`;
    const first = await dial(url, own);
    const second = await dial(url, front.client('two'));
    const heard = await Promise.all([firstHeard(first, hello('a')), firstHeard(second, hello('b'))]);
    expect(heard).to.deep.equal([hello('b'), hello('a')]);
    expect(await failureOf(url, front.client('three'))).to.deep.equal({
      t: 'refused',
      status: 409,
      reason: 'meetup_full',
      retry: 'later',
      retryAfter: 20,
    });
    first.terminate();
    second.terminate();
  });

  it('is refused on a wrong path, with what to do about it', async () => {
    const failure = await failureOf(`${front.origin}/elsewhere`, own);
    expect(failure).to.deep.equal({ t: 'refused', status: 404, reason: 'not_found', retry: 'never' });
  });

  it('takes no certificate of another CA, on either side', async () => {
    const stranger = new RawAuthority([['2.5.4.3', 'Stranger']]);
    const foreign = stranger.issue({ subject: [['2.5.4.10', 'x']] });
    const ours = await failureOf(`${front.origin}${PATH}`, { ...own, cert: foreign.certificate, key: foreign.key });
    expect(ours.t).to.be.oneOf(['tls', 'unreachable']);
    const theirs = await failureOf(`${front.origin}${PATH}`, { ...own, ca: stranger.certificate });
    expect(theirs).to.include({ t: 'tls', retry: 'later' });
  });

  it('asks for a client certificate', async () => {
    const failure = await failureOf(`${front.origin}${PATH}`, { ca: own.ca });
    expect(failure.t).to.be.oneOf(['tls', 'unreachable']);
  });

  it('checks the name of the server, or the one that it is told', async () => {
    const wrong = await failureOf(`${front.origin}${PATH}`, { ...own, servername: 'other.example' });
    expect(wrong).to.include({ t: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const address = await failureOf(`${front.origin}${PATH}`, { ...own, servername: '192.0.2.1' });
    expect(address).to.include({ t: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    (await dial(`${front.origin}${PATH}`, { ...own, servername: 'localhost' })).terminate();
    (await dial(`${front.origin}${PATH}`, { ...own, servername: 'x', rejectUnauthorized: false })).terminate();
  });

  describe('to what is no proxy', () => {
    let web: Server;
    let silent: ReturnType<typeof createTcpServer>;
    const held = new Set<TcpSocket>();
    let ws: (server: { address(): unknown }) => string;

    before(async () => {
      ws = (server) => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      web = createServer((_request, response) =>
        response.writeHead(503, { 'Retry-After': '3' }).end('x'.repeat(100_000)),
      );
      silent = createTcpServer((socket) => {
        held.add(socket);
        socket.on('error', () => {});
      });
      web.listen(0, '127.0.0.1');
      silent.listen(0, '127.0.0.1');
      await Promise.all([once(web, 'listening'), once(silent, 'listening')]);
    });

    after(() => {
      web.close();
      web.closeAllConnections();
      silent.close();
      for (const socket of held) socket.destroy();
    });

    it('names the status and the time of a web server', async () => {
      expect(await failureOf(ws(web))).to.deep.equal({
        t: 'refused',
        status: 503,
        reason: 'http_503',
        retry: 'later',
        retryAfter: 3,
      });
    });

    it('gives up on silence', async () => {
      expect(await failureOf(ws(silent), { handshakeTimeout: 50 })).to.deep.equal({ t: 'timeout', retry: 'later' });
    });

    it('waits for a server that took the connection, for longer than it waits for one to be there', async () => {
      const connectTimeout = 20;
      const dialled = failureOf(ws(silent), { connectTimeout });
      const [socket] = (await once(silent, 'connection')) as [TcpSocket];
      await new Promise((resolve) => setTimeout(resolve, 3 * connectTimeout));
      socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
      expect(await dialled).to.include({ t: 'refused', status: 503 });
    });

    it('gives up when told, before and while it dials', async () => {
      expect(await failureOf(ws(silent), { signal: AbortSignal.abort() })).to.include({ t: 'aborted' });
      const stop = new AbortController();
      const failure = failureOf(ws(silent), { signal: stop.signal });
      await once(silent, 'connection');
      stop.abort();
      expect(await failure).to.include({ t: 'aborted' });
    });

    it('says when nobody listens', async () => {
      const gone = createTcpServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const url = ws(gone);
      gone.close();
      await once(gone, 'close');
      expect(await failureOf(url)).to.deep.equal({ t: 'unreachable', code: 'ECONNREFUSED', retry: 'now' });
    });
  });
});
