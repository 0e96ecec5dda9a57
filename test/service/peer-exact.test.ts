import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { type PeerWay, startPeerWay } from '../support/http-way.js';
import { bodyOf, exchange, type RawApi, startRawApi, valuesOf } from '../support/raw-api.js';

const latin1 = (bytes: Buffer): string => bytes.toString('latin1');
const JSON_TYPE = 'Content-Type: application/json';

describe('HTTP through a bridge and a gateway, to the byte', () => {
  let api: RawApi;
  let way: PeerWay;
  let port: number;

  before(async () => {
    api = await startRawApi();
    way = await startPeerWay(new URL(`http://127.0.0.1:${api.port}`), { bridge: 2, gateway: 2 });
    port = Number(new URL(way.http).port);
    await way.pair();
  });

  after(async () => {
    await way.stop();
    api.stop();
  });

  /** Sends a request byte by byte; resolves with the bytes that the API got and the bytes that the caller got. */
  async function carried(
    line: string,
    headers: readonly string[] = [],
    body = '',
  ): Promise<{ readonly heard: string; readonly got: string }> {
    const before = api.heard.length;
    const framed = body === '' || headers.some((one) => /^transfer-encoding/i.test(one));
    const length = framed ? [] : [`Content-Length: ${body.length}`];
    const head = [`${line} HTTP/1.1`, 'Host: localhost', ...headers, ...length, 'Connection: close', '', ''];
    const got = await exchange(port, head.join('\r\n') + body);
    return { heard: api.heard.slice(before).join(), got };
  }

  function answering(head: readonly string[], body = ''): void {
    api.reply = (socket) => socket.write([...head, '', body].join('\r\n'), 'latin1');
  }

  describe('a request', () => {
    before(() => answering(['HTTP/1.1 204 No Content']));

    for (const target of [
      '/a?wsdl',
      '/a?acl&x',
      '/a?',
      '/a?&&',
      '/a?b=%20&c=+',
      '/a?~;=&==',
      '/a?p=%2F%2f/',
      '/a?%',
      '/a?%E9=%zz',
      '/a?x=2&x=1&x',
      '/a?=v&',
      '/a?{"q":"\\\\"}|^`',
      '/%7Ea;v=1/"?x',
    ]) {
      it(`has the target ${JSON.stringify(target)}`, async () => {
        expect((await carried(`GET ${target}`)).heard.split('\r\n', 1)).to.deep.equal([`GET ${target} HTTP/1.1`]);
      });
    }

    it('has any target that HTTP can write', async () => {
      const query = fc.stringMatching(/^[!"$-~]{0,30}$/);
      await fc.assert(
        fc.asyncProperty(query, async (one) => {
          const { heard } = await carried(`GET /p?${one}`);
          expect(heard.split('\r\n', 1)).to.deep.equal([`GET /p?${one} HTTP/1.1`]);
        }),
        { numRuns: 100 },
      );
    });

    it('may name its target by a URL, or by an asterisk', async () => {
      expect((await carried('GET http://localhost/a?b')).heard).to.match(/^GET \/a\?b HTTP\/1\.1\r\n/);
      expect((await carried('GET http://127.0.0.1')).heard).to.match(/^GET \/ HTTP\/1\.1\r\n/);
      expect((await carried('OPTIONS *')).heard).to.match(/^OPTIONS \* HTTP\/1\.1\r\n/);
      const foreign = await carried('GET http://evil.example/');
      expect([foreign.heard, foreign.got.split('\r\n', 1)[0]]).to.deep.equal(['', 'HTTP/1.1 403 Forbidden']);
    });

    for (const method of ['GET', 'DELETE', 'OPTIONS', 'TRACE', 'M-SEARCH', 'PROPFIND', 'REPORT', 'LOCK', 'PURGE']) {
      it(`has the method ${method}, and no framing where it has no body`, async () => {
        const { heard } = await carried(`${method} /x`, ['X-A: 1', 'Cookie: a', 'X-A: 2']);
        expect(heard).to.match(new RegExp(`^${method} /x HTTP/1\\.1\r\n`));
        expect(valuesOf(heard, 'Host')).to.deep.equal([`127.0.0.1:${api.port}`]);
        expect([valuesOf(heard, 'X-A'), valuesOf(heard, 'Cookie')]).to.deep.equal([['1', '2'], ['a']]);
        expect([...valuesOf(heard, 'Transfer-Encoding'), ...valuesOf(heard, 'Content-Length')]).to.deep.equal([]);
      });
    }

    it('has the length 0 where its caller says so, and a method for bodies has it always', async () => {
      const said = await carried('DELETE /x', ['Content-Length: 0']);
      expect(valuesOf(said.heard, 'Content-Length')).to.deep.equal(['0']);
      expect(valuesOf((await carried('POST /x')).heard, 'Content-Length')).to.deep.equal(['0']);
    });

    for (const [what, headers, body] of [
      ['JSON with space around it', [JSON_TYPE], ' \r\n{"a" : 1.0}\n'],
      ['JSON under a name in small letters', ['content-type: application/json'], '{"a":1}'],
      ['a JSON array', [JSON_TYPE], '[1, 2]\n'],
      ['a JSON string', [JSON_TYPE], '"a"'],
      ['null', ['Content-Type: application/json; charset=utf-8'], 'null'],
      ['lines of JSON', [JSON_TYPE], '{"a":1}\n{"a":2}\n'],
      ['JSON with a byte order mark', [JSON_TYPE], '\xef\xbb\xbf{"a":1}'],
      ['NaN', [JSON_TYPE], '{"a":NaN}'],
      ['JSON in UTF-16', ['Content-Type: application/json; charset=utf-16'], latin1(Buffer.from('{"a":1}', 'utf16le'))],
      ['JSON in Latin-1', [JSON_TYPE], '{"a":"\xe4"}'],
      ['JSON with bytes behind it', [JSON_TYPE], '{"a":1}\0'],
      ['JSON whose names repeat', [JSON_TYPE], '{"a":1,"a":12345678901234567890}'],
      ['no type', [], 'a=b'],
      ['no type and no text', [], '\xff\0'],
      ['an empty type', ['Content-Type: '], 'x'],
      ['two types', ['Content-Type: a/b', 'content-type: c/d'], 'x'],
      ['a long type', [`Content-Type: multipart/related; boundary=x; start-info="${'y'.repeat(2_000)}"`], '--x--'],
      ['a type that is not ASCII', ['Content-Type: text/pl\xe4in; x="\xff"'], 'x'],
      ['gzip', [JSON_TYPE, 'Content-Encoding: gzip'], latin1(gzipSync('{"a":1}'))],
      ['gzip that is cut', ['Content-Encoding: gzip'], latin1(gzipSync('{"a":1}').subarray(0, 15))],
      ['raw deflate', ['Content-Encoding: deflate'], latin1(deflateRawSync('{"a":1}'))],
      ['snappy', ['Content-Encoding: snappy'], '\x07\x18{"a":1}'],
      ['zstd and aws-chunked', ['Content-Encoding: zstd,aws-chunked', 'content-encoding: none'], '\x28\xb5\x2f\xfd'],
      ['a coding that is a name of every object', ['Content-Encoding: constructor'], 'x'],
    ] as const) {
      it(`has its body: ${what}`, async () => {
        const { heard } = await carried('POST /x', headers, body);
        expect(bodyOf(heard)).to.equal(body);
        expect(valuesOf(heard, 'Content-Length')).to.deep.equal([String(body.length)]);
        const lines = heard.split('\r\n').filter((line) => /^content-(type|encoding):/i.test(line));
        expect(lines.map((line) => line.trim())).to.deep.equal(headers.map((line) => line.trim()));
      });
    }

    it('has its body and nothing of the chunks it came in', async () => {
      const { heard } = await carried(
        'POST /x',
        [JSON_TYPE, 'Transfer-Encoding: chunked'],
        '3\r\n{"a\r\n5\r\n":1}\n\r\n0\r\n\r\n',
      );
      expect([bodyOf(heard), valuesOf(heard, 'Content-Length')]).to.deep.equal(['{"a":1}\n', ['8']]);
    });

    it('is not carried in another transfer coding', async () => {
      const { heard, got } = await carried('POST /x', ['Transfer-Encoding: gzip, chunked'], '1\r\nx\r\n0\r\n\r\n');
      expect([heard, got]).to.satisfy(
        ([one, two]: [string, string]) => one === '' && /^HTTP\/1\.1 501 .*unknown_transfer/s.test(two),
      );
    });

    it('has its headers in order, in their spelling, as many as there are, and asks for the codings that its caller reads', async () => {
      const many = Array.from({ length: 2_200 }, (_, n) => `h${n % 7}: `);
      const trace = 'TraceParent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
      const headers = ['X-B: \xe4 1', trace, 'accept-encoding: zstd, gzip;q=0.5', 'x-a: ', 'X-b: 2', ...many];
      const { heard } = await carried('GET /x', headers);
      const lines = heard
        .split('\r\n')
        .slice(2, -2)
        .filter((line) => !/^connection:/i.test(line));
      expect(lines.map((line) => line.trim())).to.deep.equal(headers.map((line) => line.trim()));
      expect(heard.split('\r\n')[1]).to.equal(`Host: 127.0.0.1:${api.port}`);
    });
  });

  describe('a response', () => {
    for (const [what, headers, body] of [
      ['JSON with space around it', [JSON_TYPE], '\n[1, 2] \r\n'],
      ['JSON that is none', [JSON_TYPE], '{"a":'],
      ['no type', [], '{"a":1}'],
      ['gzip', [JSON_TYPE, 'content-encoding: gzip'], latin1(gzipSync('{"a":1}'))],
      ['gzip that is cut', ['Content-Encoding: gzip'], latin1(gzipSync('{"a":1}').subarray(0, 15))],
      ['raw deflate', ['Content-Encoding: deflate'], latin1(deflateRawSync('x'))],
      ['lz4', ['Content-Encoding: lz4'], '\x04\x22\x4d\x18'],
      ['none', ['Content-Encoding: none'], 'x'],
      ['a long type', [`Content-Type: text/html; x=${'y'.repeat(2_000)}`], '<p>'],
      ['a type that is not ASCII', ['Content-Type: text/\xff'], 'x'],
      ['nothing', [JSON_TYPE], ''],
    ] as const) {
      it(`has its body: ${what}`, async () => {
        answering(['HTTP/1.1 200 Fine \xe4', 'Date: today', ...headers, `Content-Length: ${body.length}`], body);
        const { got } = await carried('GET /x');
        expect(got.split('\r\n', 1)).to.deep.equal(['HTTP/1.1 200 Fine \xe4']);
        expect(bodyOf(got)).to.equal(body);
        const lines = got
          .split('\r\n\r\n', 1)[0]
          ?.split('\r\n')
          .filter((line) => /^(content-(type|encoding)|date):/i.test(line));
        expect(lines).to.have.members(['Date: today', ...headers]);
        expect(valuesOf(got, 'Content-Length')).to.deep.equal([String(body.length)]);
      });
    }

    it('to HEAD, and a 304, has the length of the body that it speaks of', async () => {
      answering(['HTTP/1.1 200 OK', 'Content-Length: 4294967296', JSON_TYPE, 'Content-Encoding: br']);
      const head = (await carried('HEAD /x')).got;
      expect([valuesOf(head, 'Content-Length'), valuesOf(head, 'Content-Encoding'), bodyOf(head)]).to.deep.equal([
        ['4294967296'],
        ['br'],
        '',
      ]);
      answering(['HTTP/1.1 304 Not Modified', 'Content-Length: 17', 'ETag: "1"']);
      const unchanged = (await carried('GET /x')).got;
      expect([valuesOf(unchanged, 'Content-Length'), bodyOf(unchanged)]).to.deep.equal([['17'], '']);
      answering(['HTTP/1.1 200 OK']);
      expect(valuesOf((await carried('HEAD /x')).got, 'Content-Length')).to.deep.equal([]);
    });

    it('has the phrase that it has, none included, and tells no time that the API did not', async () => {
      answering(['HTTP/1.1 404 ', 'Content-Length: 0']);
      const { got } = await carried('GET /x');
      expect(got).to.match(/^HTTP\/1\.1 404 \r\n/);
      expect(valuesOf(got, 'Date')).to.deep.equal([]);
    });

    it('has its headers in order, in their spelling, as many as there are', async () => {
      const many = Array.from({ length: 2_200 }, (_, n) => `h${n % 7}: `);
      const headers = ['Date: today', 'set-cookie: a=\xe4', 'X-B: 1', 'Set-Cookie: b', ...many];
      answering(['HTTP/1.1 200 OK', ...headers, 'Content-Length: 0']);
      const { got } = await carried('GET /x');
      const lines = got.split('\r\n').slice(1, -2);
      // Behind those of the API the bridge has its own.
      const end = lines.findIndex((line) => /^ws-proxy-trace-id:/i.test(line));
      expect(lines.slice(0, end).map((line) => line.trim())).to.deep.equal(headers.map((line) => line.trim()));
    });

    it('that breaks off is a 502 with its name, and takes no place away', async () => {
      api.reply = (socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":1}', () =>
          setImmediate(() => socket.resetAndDestroy()),
        );
      for (let times = 0; times < 5; times += 1) {
        expect((await carried('GET /x')).got).to.match(/^HTTP\/1\.1 502 .*"upstream_broken_off"/s);
      }
      api.reply = (socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      for (let times = 0; times < 5; times += 1) {
        expect((await carried('GET /x')).got).to.match(/^HTTP\/1\.1 502 .*"upstream_upgraded"/s);
      }
      answering(['HTTP/1.1 200 OK', 'Content-Length: 2'], 'ok');
      for (const { got } of await Promise.all([carried('GET /x'), carried('GET /x')]))
        expect(bodyOf(got)).to.equal('ok');
    });
  });
});
