import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { fromRaw } from '../../peer/headers.js';
import { type HttpWay, MAX_BODY, startHttpWay } from '../support/http-way.js';
import { ask } from '../support/peers.js';

describe('an HTTP client, a bridge, the service, a gateway and an HTTP API', () => {
  let way: HttpWay;

  before(async () => {
    way = await startHttpWay();
    await way.pair();
  });

  after(() => way.stop());

  it('carries a GET with its query, and repeated headers both ways', async () => {
    let got: IncomingMessage | undefined;
    way.answer = (request, response) => {
      got = request;
      response.writeHead(200, 'Fine', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Content-Type', 'application/json']);
      response.end('{"big": 12345678901234567890, "one": 1.0}');
    };
    const headers = ['X-Many', '1', 'x-many', '2', 'Connection', 'close, X-Hop', 'X-Hop', 'gone', 'TE', 'trailers'];
    const seen = await ask(`${way.http}/micronets/v1/gateway/a%20b?x=1&x=2&y=%C3%A4+b`, { headers });
    expect(got?.url).to.equal('/api/micronets/v1/gateway/a%20b?x=1&x=2&y=%C3%A4+b');
    expect(got?.headers['x-many']).to.equal('1, 2');
    expect(got?.headers).not.to.have.any.keys('x-hop', 'te');
    expect(got?.headers).not.to.have.any.keys('accept-encoding');
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
      way.answer = (request, response) => {
        type2 = request.headers['content-type'];
        response.writeHead(201, { 'Content-Type': type });
        request.pipe(response);
      };
      const seen = await ask(`${way.http}/x`, { method: 'PUT', headers: ['Content-Type', type], body });
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
      type: fc.constantFrom('text/plain', 'image/png', 'application/problem+json', 'application/x-www-form-urlencoded'),
      body: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    });
    await fc.assert(
      fc.asyncProperty(exchange, async ({ method, query, headers, type, body }) => {
        const sent = [...headers.flat(), 'Content-Type', type];
        let got: { readonly request: IncomingMessage; readonly body: Buffer } | undefined;
        way.answer = async (request, response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(chunk);
          got = { request, body: Buffer.concat(chunks) };
          response.writeHead(200, sent).end(got.body);
        };
        const search = new URLSearchParams(query);
        const seen = await ask(`${way.http}/p?${search}`, { method, headers: sent, body });
        expect(got?.request.method).to.equal(method);
        expect([...new URL(got?.request.url ?? '', way.http).searchParams]).to.deep.equal(query);
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
    way.answer = (_request, response) => response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>no</p>');
    const seen = await ask(`${way.http}/none`);
    expect([seen.status, seen.phrase, seen.body.toString()]).to.deep.equal([404, 'Not Found', '<p>no</p>']);
  });

  it('sends no content for HEAD, 204 and 304', async () => {
    way.answer = (request, response) =>
      response.writeHead(Number(request.headers['x-status'] ?? 200), { ETag: '"1"' }).end();
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      const seen = await ask(`${way.http}/`, { method, headers: ['X-Status', String(status)] });
      expect([seen.status, seen.body.length, seen.headers.etag]).to.deep.equal([status, 0, '"1"']);
      expect(seen.headers).not.to.have.any.keys('content-length', 'transfer-encoding');
    }
  });

  it('answers out of order, many at once', async () => {
    const held = new Map<string, () => void>();
    way.answer = (request, response) => {
      held.set(request.url ?? '', () => response.end(request.url));
      if (held.size === 8) for (const release of [...held.values()].reverse()) release();
    };
    const seen = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(`${way.http}/${n}`)));
    expect(seen.map(({ body }) => body.toString())).to.deep.equal(Array.from({ length: 8 }, (_, n) => `/api/${n}`));
  });

  it('carries large bodies both ways at once', async () => {
    way.answer = (request, response) => void request.pipe(response);
    const body = Buffer.alloc(MAX_BODY, 7);
    const seen = await Promise.all(Array.from({ length: 8 }, () => ask(`${way.http}/`, { method: 'PUT', body })));
    for (const one of seen) expect([one.status, one.body.equals(body)]).to.deep.equal([200, true]);
  });
});
