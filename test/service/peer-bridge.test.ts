import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { Bridge, type BridgeOptions } from '../../peer/bridge.js';
import { PeerConnection } from '../../peer/connection.js';
import { gateway } from '../../peer/gateway.js';
import { fromRaw } from '../../peer/headers.js';
import { servesNothing } from '../../peer/serving.js';
import { ask, reached, reasonOf } from '../support/peers.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const MEETUP = '/micronets/v1/ws-proxy/sub/8675309/00224dd149bb';
const MAX_BODY = 1024 * 1024;

describe('an HTTP client, a bridge, the service, a gateway and an HTTP API', () => {
  let service: Service;
  let front: TlsFront;
  let api: Server;
  let answer: RequestListener;
  let manager: PeerConnection;
  let gate: PeerConnection;
  let bridge: Bridge;
  let http: string;
  let upstream: ReturnType<typeof gateway>;

  const bridgeOptions: BridgeOptions = {
    host: '127.0.0.1',
    port: 0,
    timeout: 5_000,
    maxBody: MAX_BODY,
    maxInFlight: 16,
  };

  before(async () => {
    service = await startService();
    front = await startTlsFront(service.socketPath);
    api = createServer((request, response) => answer(request, response));
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    upstream = gateway({
      upstream: new URL(`http://127.0.0.1:${(api.address() as AddressInfo).port}/api/`),
      timeout: 2_000,
      maxBody: MAX_BODY,
      maxConnections: 8,
    });
    const manages = front.client('manager');
    const gates = front.client('gateway');
    const url = `${front.origin}${MEETUP}`;
    manager = new PeerConnection({
      url,
      claims: { peerClass: 'manager', peerId: '1' },
      credentials: () => manages,
      handler: servesNothing,
    });
    gate = new PeerConnection({
      url,
      claims: { peerClass: 'gateway', peerId: '2' },
      credentials: () => gates,
      handler: upstream.handler,
      limits: { concurrent: 8 },
    });
    bridge = new Bridge(manager, bridgeOptions);
    http = await bridge.listen();
  });

  after(async () => {
    await bridge.close();
    await manager.stop();
    await gate.stop();
    upstream.close();
    api.close();
    await front.stop();
    await service.stop();
  });

  it('answers 502 while no pair is made', async () => {
    const seen = await ask(`${http}/`);
    expect([seen.status, reasonOf(seen)]).to.deep.equal([502, 'not_paired']);
  });

  describe('once paired', () => {
    before(async () => {
      manager.start();
      gate.start();
      const [here, there] = await Promise.all([reached(manager, 'paired'), reached(gate, 'paired')]);
      expect(here.other.peerClass).to.equal('gateway');
      expect(there.other.peerClass).to.equal('manager');
    });

    it('carries a GET with its query, and repeated headers both ways', async () => {
      let got: IncomingMessage | undefined;
      answer = (request, response) => {
        got = request;
        response.writeHead(200, 'Fine', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Type', 'application/json']);
        response.end('{"big": 12345678901234567890, "one": 1.0}');
      };
      const headers = ['X-Many', '1', 'x-many', '2', 'Connection', 'close, X-Hop', 'X-Hop', 'gone', 'TE', 'trailers'];
      const seen = await ask(`${http}/micronets/v1/gateway/a%20b?x=1&x=2&y=%C3%A4+b`, { headers });
      expect(got?.url).to.equal('/api/micronets/v1/gateway/a%20b?x=1&x=2&y=%C3%A4+b');
      expect(got?.headers['x-many']).to.equal('1, 2');
      expect(got?.headers).not.to.have.any.keys('x-hop', 'te');
      expect(got?.headers['accept-encoding']).to.equal('identity');
      expect([seen.status, seen.phrase]).to.deep.equal([200, 'Fine']);
      expect(seen.headers['set-cookie']).to.deep.equal(['a=1', 'b=2']);
      expect(seen.body.toString()).to.equal('{"big": 12345678901234567890, "one": 1.0}');
    });

    for (const [what, type, body] of [
      ['JSON', 'application/json', Buffer.from('{"a": [1, 2.50, null], "a": "\\u00e4"}')],
      ['text', 'text/plain; charset=utf-8', Buffer.from('Grüße\r\n')],
      ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%20')],
      ['an image', 'image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 254])],
      ['text that is not UTF-8', 'text/plain', Buffer.from([0xe4, 0xf6, 0xfc])],
      ['multipart', 'multipart/form-data; boundary="x y"', Buffer.from('--x y\r\n\r\n\x00\r\n--x y--')],
    ] as const) {
      it(`carries ${what} there and back, byte by byte, with its type`, async () => {
        let type2: string | undefined;
        answer = (request, response) => {
          type2 = request.headers['content-type'];
          response.writeHead(201, { 'Content-Type': type });
          request.pipe(response);
        };
        const seen = await ask(`${http}/x`, { method: 'PUT', headers: ['Content-Type', type], body });
        expect([seen.status, seen.headers['content-type'], type2]).to.deep.equal([201, type, type]);
        expect(seen.body.equals(body)).to.equal(true);
      });
    }

    it('carries any method, query, repeated headers and body, and the same of the response', async () => {
      const token = fc.stringMatching(/^x-[a-z0-9]{1,8}$/);
      const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
      const exchange = fc.record({
        method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'),
        query: fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), { maxLength: 5 }),
        headers: fc.array(fc.tuple(token, value), { maxLength: 6 }),
        type: fc.constantFrom(
          'text/plain',
          'image/png',
          'application/problem+json',
          'application/x-www-form-urlencoded',
        ),
        body: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      });
      await fc.assert(
        fc.asyncProperty(exchange, async ({ method, query, headers, type, body }) => {
          const sent = [...headers.flat(), 'Content-Type', type];
          let got: { readonly request: IncomingMessage; readonly body: Buffer } | undefined;
          answer = async (request, response) => {
            const chunks: Buffer[] = [];
            for await (const chunk of request) chunks.push(chunk);
            got = { request, body: Buffer.concat(chunks) };
            response.writeHead(200, sent).end(got.body);
          };
          const search = new URLSearchParams(query);
          const seen = await ask(`${http}/p?${search}`, { method, headers: sent, body });
          expect(got?.request.method).to.equal(method);
          expect([...new URL(got?.request.url ?? '', http).searchParams]).to.deep.equal(query);
          expect(got?.body.equals(body)).to.equal(true);
          expect(seen.body.equals(body)).to.equal(true);
          for (const raw of [got?.request.rawHeaders ?? [], seen.raw]) {
            expect(fromRaw(raw).filter(({ name }) => name.startsWith('x-') || name === 'Content-Type')).to.deep.equal(
              fromRaw(sent),
            );
          }
        }),
        { numRuns: 60 },
      );
    });

    it('passes a 404 on as it is', async () => {
      answer = (_request, response) => response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>no</p>');
      const seen = await ask(`${http}/none`);
      expect([seen.status, seen.phrase, seen.body.toString()]).to.deep.equal([404, 'Not Found', '<p>no</p>']);
    });

    it('sends no content for HEAD, 204 and 304', async () => {
      answer = (request, response) =>
        response.writeHead(Number(request.headers['x-status'] ?? 200), { ETag: '"1"' }).end();
      for (const [method, status] of [
        ['HEAD', 200],
        ['GET', 204],
        ['GET', 304],
      ] as const) {
        const seen = await ask(`${http}/`, { method, headers: ['X-Status', String(status)] });
        expect([seen.status, seen.body.length, seen.headers.etag]).to.deep.equal([status, 0, '"1"']);
        expect(seen.headers).not.to.have.any.keys('content-length', 'transfer-encoding');
      }
    });

    it('undoes content codings, which the protocol does not carry', async () => {
      answer = (request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' });
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => response.end(gzipSync(Buffer.concat(chunks))));
      };
      const headers = ['Content-Type', 'text/plain', 'Content-Encoding', 'gzip', 'Accept-Encoding', 'gzip'];
      const seen = await ask(`${http}/`, { method: 'POST', headers, body: gzipSync('hello') });
      expect(seen.body.toString()).to.equal('hello');
      expect(seen.headers).not.to.have.property('content-encoding');
    });

    it('stops a body that inflates over the limit', async () => {
      const headers = ['Content-Encoding', 'gzip'];
      const bomb = gzipSync(Buffer.alloc(MAX_BODY + 1));
      expect(gunzipSync(bomb).length).to.be.above(MAX_BODY);
      const seen = await ask(`${http}/`, { method: 'POST', headers, body: bomb });
      expect([seen.status, reasonOf(seen)]).to.deep.equal([413, 'too_big']);
    });

    it('refuses a body over the limit, announced or not', async () => {
      const body = Buffer.alloc(MAX_BODY + 1);
      const announced = await ask(`${http}/`, { method: 'POST', body });
      expect([announced.status, reasonOf(announced)]).to.deep.equal([413, 'too_big']);
    });

    it('names the place where JSON is none', async () => {
      const headers = ['Content-Type', 'application/json'];
      const seen = await ask(`${http}/`, { method: 'POST', headers, body: '{"a": 1,\n "b": }' });
      expect([seen.status, reasonOf(seen)]).to.deep.equal([400, 'body_invalid']);
      expect(seen.body.toString()).to.contain('line 2, column 7');
    });

    it('answers out of order, many at once', async () => {
      const held = new Map<string, () => void>();
      answer = (request, response) => {
        held.set(request.url ?? '', () => response.end(request.url));
        if (held.size === 8) for (const release of [...held.values()].reverse()) release();
      };
      const seen = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(`${http}/${n}`)));
      expect(seen.map(({ body }) => body.toString())).to.deep.equal(Array.from({ length: 8 }, (_, n) => `/api/${n}`));
    });

    it('answers 504 after its deadline', async () => {
      let release = (): void => {};
      answer = (_request, response) => {
        release = () => response.end();
      };
      const hasty = new Bridge(manager, { ...bridgeOptions, timeout: 50 });
      const seen = await ask(await hasty.listen());
      release();
      expect([seen.status, reasonOf(seen)]).to.deep.equal([504, 'timeout']);
      await hasty.close();
    });

    it('carries large bodies both ways at once', async () => {
      answer = (request, response) => void request.pipe(response);
      const body = Buffer.alloc(MAX_BODY, 7);
      const seen = await Promise.all(Array.from({ length: 8 }, () => ask(`${http}/`, { method: 'PUT', body })));
      for (const one of seen) expect([one.status, one.body.equals(body)]).to.deep.equal([200, true]);
    });

    it('frees the place of a client that goes', async () => {
      let release = (): void => {};
      const asked = new Promise<void>((resolve) => {
        answer = (_request, response) => {
          release = () => response.end();
          resolve();
        };
      });
      const narrow = new Bridge(manager, { ...bridgeOptions, maxInFlight: 1 });
      const place = await narrow.listen();
      const client = request(place, { agent: false }).on('error', () => {});
      client.end();
      await asked;
      const full = await ask(place);
      expect([full.status, reasonOf(full), full.headers['retry-after']]).to.deep.equal([503, 'too_many', '1']);
      client.destroy();
      answer = (_request, response) => response.end('here');
      let seen = await ask(place);
      while (seen.status === 503) seen = await ask(place);
      expect(seen.body.toString()).to.equal('here');
      release();
      await narrow.close();
    });

    it('answers 504 when the API does not answer, 502 when it is not there', async () => {
      const call = { method: 'GET', path: '/', query: [], headers: [], body: { kind: 'none' } } as const;
      const dead = gateway({ upstream: new URL('http://127.0.0.1:1'), timeout: 500, maxBody: 10, maxConnections: 1 });
      const down = await dead.handler(call, new AbortController().signal);
      expect(down.statusCode).to.equal(502);
      let release = (): void => {};
      answer = (_request, response) => {
        release = () => response.end();
      };
      const { port } = api.address() as AddressInfo;
      const slow = gateway({
        upstream: new URL(`http://127.0.0.1:${port}`),
        timeout: 50,
        maxBody: 10,
        maxConnections: 1,
      });
      const late = await slow.handler(call, new AbortController().signal);
      expect(late.statusCode).to.equal(504);
      release();
      slow.close();
    });

    it('keeps requests below the base of the API', async () => {
      answer = (request, response) => response.end(request.url);
      for (const path of ['/../secret', '/%2e%2e/secret', '/a/..%2fsecret', '//other.example/', '/..;/secret']) {
        const seen = await ask(`${http}${path}`);
        expect([path, seen.status, reasonOf(seen)]).to.deep.equal([path, 400, 'path_invalid']);
      }
    });

    it('keeps web pages of other sites out', async () => {
      const foreign = await ask(`${http}/`, { headers: ['Origin', 'https://evil.example'] });
      expect([foreign.status, reasonOf(foreign)]).to.deep.equal([403, 'origin_denied']);
      const rebound = await ask(`${http}/`, { headers: ['Host', 'evil.example'] });
      expect([rebound.status, reasonOf(rebound)]).to.deep.equal([403, 'host_denied']);
    });

    it('asks for the body with 100 Continue only when it will be used', async () => {
      answer = (request, response) => void request.pipe(response);
      const seen = await ask(`${http}/`, { method: 'POST', headers: ['Expect', '100-continue'], body: 'later' });
      expect(seen.body.toString()).to.equal('later');
    });

    it('answers what the other way asks of a bridge with 501', async () => {
      const response = await gate.request({ method: 'GET', path: '/' });
      expect(response.statusCode).to.equal(501);
    });

    it('says busy when the gateway works on enough', async () => {
      const held: (() => void)[] = [];
      const full = new Promise<void>((resolve) => {
        answer = (_request, response) => {
          held.push(() => response.end('done'));
          if (held.length === 8) resolve();
        };
      });
      const first = Array.from({ length: 8 }, () => ask(`${http}/`));
      await full;
      const seen = await ask(`${http}/`);
      expect([seen.status, reasonOf(seen), seen.headers['retry-after']]).to.deep.equal([503, 'busy', '1']);
      for (const release of held) release();
      for (const one of await Promise.all(first)) expect(one.status).to.equal(200);
    });
  });
});
