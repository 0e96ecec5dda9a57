import { expect } from 'chai';
import { type Body, bytesOf } from '../../peer/body.js';
import type { Form } from '../../peer/form.js';
import { gateway } from '../../peer/gateway.js';
import type { RestResponse } from '../../peer/rest.js';
import { type RawApi, startRawApi } from '../support/raw-api.js';

const CUT_GZIP = '\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48';
/** Milliseconds; longer than a test takes. */
const PATIENT = 60_000;

describe('a gateway in front of an HTTP API that does not behave', () => {
  let api: RawApi;
  let close = (): void => {};

  beforeEach(async () => {
    api = await startRawApi();
  });

  afterEach(() => {
    close();
    api.stop();
  });

  /** A gateway of two places; each call goes through the same one. */
  function calling(timeout = PATIENT, form: Form = 'exact'): (method?: string) => Promise<RestResponse> {
    const { handler, close: end } = gateway({
      upstream: new URL(`http://127.0.0.1:${api.port}`),
      timeout,
      maxBody: 1024,
      maxConnections: 2,
    });
    close = end;
    const body: Body = { kind: 'none' };
    return async (method = 'GET') =>
      handler({ method, path: '/', query: [], headers: [], body }, new AbortController().signal, form);
  }

  function reasonOf({ body }: RestResponse): string | undefined {
    return (JSON.parse(bytesOf(body).toString()) as { error?: { reason?: string } }).error?.reason;
  }

  const big = `HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`;
  for (const [what, bytes, ending, status, reason] of [
    ['no length, reset', 'HTTP/1.1 200 OK\r\n\r\npart', 'reset', 502, 'upstream_broken_off'],
    [
      'no length, JSON, reset',
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":1}',
      'reset',
      502,
      'upstream_broken_off',
    ],
    [
      'no length, gzip, reset',
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n${CUT_GZIP}`,
      'reset',
      502,
      'upstream_broken_off',
    ],
    ['HTTP/1.0, reset', 'HTTP/1.0 200 OK\r\n\r\npart', 'reset', 502, 'upstream_broken_off'],
    ['a length, closed', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart', 'end', 502, 'upstream_broken_off'],
    ['a length, reset', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart', 'reset', 502, 'upstream_broken_off'],
    [
      'chunks, closed',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n',
      'end',
      502,
      'upstream_broken_off',
    ],
    [
      'chunks, closed at the last',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\n',
      'end',
      502,
      'upstream_broken_off',
    ],
    [
      'a chunk that is none',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\nzz\r\n',
      'stay',
      502,
      ['upstream_malformed', 'upstream_broken_off'],
    ],
    ['nothing, closed', '', 'end', 502, 'upstream_broken_off'],
    ['half a head, closed', 'HTTP/1.1 200 O', 'end', 502, 'upstream_broken_off'],
    ['half a head, reset', 'HTTP/1.1 200 OK\r\nX: ', 'reset', 502, 'upstream_broken_off'],
    [
      'a protocol that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello',
      'stay',
      502,
      'upstream_upgraded',
    ],
    ['a 101 without an upgrade', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', 'stay', 502, 'upstream_upgraded'],
    ['what is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'stay', 502, 'upstream_malformed'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'stay',
      502,
      'upstream_malformed',
    ],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'stay', 502, 'upstream_malformed'],
    ['a header with NUL', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n', 'stay', 502, 'upstream_malformed'],
    ['headers over 16 KiB', big, 'stay', 502, 'upstream_headers_too_big'],
    [
      'headers over 16 KiB after a 103',
      `HTTP/1.1 103 Early Hints\r\n\r\n${big}`,
      'stay',
      502,
      'upstream_headers_too_big',
    ],
    ['a status that is none', 'HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n', 'stay', 502, 'upstream_invalid'],
    [
      'a body over the limit, announced',
      'HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n',
      'stay',
      502,
      'upstream_too_big',
    ],
    [
      'a body over the limit, not announced',
      `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1025)}`,
      'stay',
      502,
      'upstream_too_big',
    ],
    [
      'another transfer coding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      'stay',
      502,
      'upstream_unknown_transfer',
    ],
  ] as const) {
    it(`answers ${status} ${reason} to ${what}, and loses no place`, async () => {
      api.reply = (socket) => {
        // A reset overtakes unread bytes, so the head must have arrived before it.
        const cut = (): void =>
          void (ending === 'reset' ? setImmediate(() => socket.resetAndDestroy()) : ending === 'end' && socket.end());
        if (bytes === '') cut();
        else socket.write(bytes, 'latin1', cut);
      };
      const call = calling();
      for (let times = 0; times < 5; times += 1) {
        const answer = await call('POST');
        expect(answer.statusCode).to.equal(status);
        expect(reason).to.include(reasonOf(answer));
      }
      api.reply = (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      for (const answer of await Promise.all([call(), call(), call(), call()])) {
        expect([answer.statusCode, bytesOf(answer.body).toString()]).to.deep.equal([200, 'ok']);
      }
    });
  }

  for (const [what, bytes] of [
    ['says nothing', ''],
    ['sends a body without a length', 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":1}'],
    ['sends a body with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'],
    ['sends chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
    ['sends half a head', 'HTTP/1.1 200 OK\r\nX: '],
    ['sends hints for ever', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ] as const) {
    it(`answers 504 upstream_timeout to an API that ${what} and stays`, async () => {
      api.reply = (socket) => socket.write(bytes, 'latin1');
      const call = calling(200);
      for (const answer of await Promise.all([call(), call(), call()])) {
        expect([answer.statusCode, reasonOf(answer)]).to.deep.equal([504, 'upstream_timeout']);
      }
      api.reply = (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      expect((await call()).statusCode).to.equal(200);
    });
  }

  for (const [what, bytes, body] of [
    ['a whole body without a length', 'HTTP/1.1 200 OK\r\n\r\nwhole', 'whole'],
    [
      'a body without a length that has a wrong end',
      'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":',
      '{"a":',
    ],
    [
      'an offer of another protocol',
      'HTTP/1.1 200 OK\r\nConnection: Upgrade, close\r\nUpgrade: h2,h2c\r\nContent-Length: 2\r\n\r\nok',
      'ok',
    ],
    [
      'hints before it',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'ok',
    ],
    [
      'trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n',
      'ok',
    ],
    [
      'a redirect, not followed',
      'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nok',
      'ok',
    ],
  ] as const) {
    it(`takes ${what}`, async () => {
      api.reply = (socket) => socket.end(bytes, 'latin1');
      const answer = await calling()();
      expect([answer.statusCode, bytesOf(answer.body).toString()]).to.deep.equal([
        Number(/\d{3}(?= \w+\r\n(?!.*HTTP))/s.exec(bytes)?.[0]),
        body,
      ]);
    });
  }

  it('never takes what came unasked on an idle connection for the next answer', async () => {
    api.reply = (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'),
      );
    const call = calling();
    for (let times = 0; times < 10; times += 1) {
      expect(bytesOf((await call()).body).toString()).to.equal('ok');
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('answers a request that nobody waits for any more at once', async () => {
    api.reply = () => {};
    const { handler, close: end } = gateway({
      upstream: new URL(`http://127.0.0.1:${api.port}`),
      timeout: PATIENT,
      maxBody: 1024,
      maxConnections: 1,
    });
    close = end;
    const gone = new AbortController();
    const answer = handler(
      { method: 'GET', path: '/', query: [], headers: [], body: { kind: 'none' } },
      gone.signal,
      'exact',
    );
    gone.abort();
    expect((await answer).statusCode).to.equal(502);
  });
});
