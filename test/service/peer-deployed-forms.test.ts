import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { bytesOf, headersOf } from '../../peer/body.js';
import { Bridge } from '../../peer/bridge.js';
import { gateway } from '../../peer/gateway.js';
import type { RestRequest, RestResponse } from '../../peer/rest.js';
import { FakeNetwork, sentBy } from '../support/fake-network.js';
import type { FakeSocket } from '../support/fake-socket.js';
import { bridgeOptions, MAX_BODY } from '../support/http-way.js';
import { bodyOf, exchange, type RawApi, startRawApi, valuesOf } from '../support/raw-api.js';

const typed = (type: string): object[] => [{ name: 'Content-Type', value: type }];

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a bridge whose other peer is a deployed gateway', () => {
  let socket: FakeSocket;
  let bridge: Bridge;
  let port: number;

  beforeEach(async () => {
    const network = new FakeNetwork();
    socket = await network.paired();
    bridge = new Bridge(network.peer, bridgeOptions);
    port = Number(new URL(await bridge.listen()).port);
  });

  afterEach(() => bridge.close());

  /** Sends a request, and answers it with these fields where it gets through. */
  async function called(
    headers: readonly string[],
    body: Buffer | string = '',
    answer: object = {},
  ): Promise<{ readonly sent: Record<string, unknown> | undefined; readonly got: string }> {
    const bytes = Buffer.from(body);
    const length = bytes.length === 0 ? [] : [`Content-Length: ${bytes.length}`];
    const head = ['POST /a?b=%20c HTTP/1.1', 'Host: localhost', ...headers, ...length, 'Connection: close', '', ''];
    let over = false;
    const exchanged = exchange(port, head.join('\r\n') + bytes.toString('latin1')).finally(() => {
      over = true;
    });
    while (socket.sent.length < 2 && !over) await new Promise((resolve) => setImmediate(resolve));
    const sent = sentBy(socket)[1];
    const message = { messageId: 1, messageType: 'REST:RESPONSE', requiresResponse: false, inResponseTo: 1 };
    if (sent !== undefined) socket.receive(JSON.stringify({ message: { ...message, statusCode: 200, ...answer } }));
    return { sent, got: await exchanged };
  }

  it('sends the fields that it knows', async () => {
    const { sent } = await called(
      ['X-A: 1', `traceparent: ${TRACEPARENT}`, 'Accept-Encoding: gzip', 'Content-Type: application/json'],
      '{"a":1}',
    );
    expect(sent).to.deep.equal({
      messageId: 1,
      messageType: 'REST:REQUEST',
      requiresResponse: true,
      method: 'POST',
      path: '/a',
      queryStrings: [{ name: 'b', value: ' c' }],
      rawQuery: 'b=%20c',
      headers: [
        { name: 'X-A', value: '1' },
        { name: 'traceparent', value: TRACEPARENT },
      ],
      dataFormat: 'application/json',
      messageBody: { a: 1 },
    });
  });

  for (const text of ['[1, 2]\n', '"a"', '1.0', 'null', ' true']) {
    it(`sends JSON that is no object as the text ${JSON.stringify(text)}, as it takes no other value`, async () => {
      const { sent } = await called(['Content-Type: application/json'], text);
      expect(sent).to.deep.include({ dataFormat: 'application/json', messageBody: text });
    });
  }

  it('undoes a content coding, which it could not be told of', async () => {
    const { sent } = await called(['Content-Type: application/json', 'Content-Encoding: gzip'], gzipSync('{"a":1}'));
    expect(sent).to.deep.include({ dataFormat: 'application/json', messageBody: { a: 1 } });
    expect(sent).not.to.have.property('bodyHeaders');
  });

  for (const lines of [['Content-Encoding: deflate, gzip'], ['Content-Encoding: deflate', 'content-encoding: GZIP']]) {
    it(`undoes two codings: ${lines.join('; ')}`, async () => {
      const twice = gzipSync(deflateSync('{"a":1}'));
      const { sent } = await called(['Content-Type: application/json', ...lines], twice);
      expect(sent).to.deep.include({ dataFormat: 'application/json', messageBody: { a: 1 } });
    });
  }

  for (const [coding, bytes] of [
    ['gzip', gzipSync('{"a":1}').subarray(0, 15)],
    ['deflate', deflateRawSync('{"a":1}')],
    ['snappy', Buffer.from('x')],
    ['constructor', Buffer.from('x')],
  ] as const) {
    it(`sends what cannot be undone as the bytes that it is: ${coding}`, async () => {
      const { sent } = await called([`Content-Encoding: ${coding}`], bytes);
      expect(sent).to.deep.include({
        dataFormat: 'application/octet-stream',
        messageBody: bytes.toString('base64'),
        bodyHeaders: [{ name: 'Content-Encoding', value: coding }],
      });
    });
  }

  it('stops a body that inflates over the limit', async () => {
    const { sent, got } = await called(['Content-Encoding: gzip'], gzipSync(Buffer.alloc(MAX_BODY + 1)));
    expect(sent).to.equal(undefined);
    expect(got).to.match(/^HTTP\/1\.1 413 .*"too_big"/s);
  });

  it('answers what it answers: a null for the phrase, and a value or a val for a header', async () => {
    const headers = [
      { name: 'X-A', value: '1' },
      { name: 'X-B', val: '2' },
    ];
    const { got } = await called([], '', { statusCode: 404, reasonPhrase: null, headers });
    expect(got).to.match(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect([valuesOf(got, 'X-A'), valuesOf(got, 'X-B')]).to.deep.equal([['1'], ['2']]);
  });

  for (const [dataFormat, messageBody, type, body] of [
    ['application/json', { a: [1] }, 'application/json', '{"a":[1]}'],
    ['application/json', 'a', 'application/json', '"a"'],
    ['application/json; charset=utf-8', '{"a": 1}', 'application/json; charset=utf-8', '{"a": 1}'],
    ['text/html; charset=utf-8', '<p>', 'text/html; charset=utf-8', '<p>'],
    ['application/octet-stream', 'aGk=', 'application/octet-stream', 'hi'],
  ] as const) {
    it(`answers what it answers: ${dataFormat} ${JSON.stringify(messageBody)}`, async () => {
      const { got } = await called([], '', { dataFormat, messageBody });
      expect([valuesOf(got, 'Content-Type'), bodyOf(got)]).to.deep.equal([[type], body]);
    });
  }
});

describe('a gateway whose other peer is a deployed manager or test client', () => {
  let api: RawApi;
  let close = (): void => {};

  beforeEach(async () => {
    api = await startRawApi();
  });

  afterEach(() => {
    close();
    api.stop();
  });

  async function asked(request: Partial<RestRequest>): Promise<RestResponse> {
    const { handler, close: end } = gateway({
      upstream: new URL(`http://127.0.0.1:${api.port}`),
      timeout: 60_000,
      maxBody: MAX_BODY,
      maxConnections: 1,
    });
    close = end;
    const whole = { method: 'GET', path: '/', query: [], headers: [], body: { kind: 'none' }, ...request } as const;
    return handler(whole, new AbortController().signal, 'deployed');
  }

  it('asks the API for no content coding, whatever the caller reads', async () => {
    await asked({ headers: [{ name: 'accept-encoding', value: 'gzip' }] });
    expect(valuesOf(api.heard.join(), 'Accept-Encoding')).to.deep.equal(['identity']);
  });

  it('undoes one that the API uses all the same, where that can be done', async () => {
    const answers = (bytes: Buffer): void => {
      const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${bytes.length}\r\n\r\n`;
      api.reply = (socket) => socket.write(Buffer.concat([Buffer.from(head), bytes]));
    };
    answers(gzipSync('{"a":1}'));
    const { body } = await asked({});
    expect([bytesOf(body).toString(), headersOf(body)]).to.deep.equal(['{"a":1}', typed('application/json')]);
    const cut = gzipSync('{"a":1}').subarray(0, 15);
    answers(cut);
    const coded = (await asked({})).body;
    expect(bytesOf(coded).equals(cut)).to.equal(true);
    expect(headersOf(coded)).to.deep.equal([...typed('application/json'), { name: 'Content-Encoding', value: 'gzip' }]);
    answers(gzipSync(Buffer.alloc(MAX_BODY + 1)));
    expect((await asked({})).statusCode).to.equal(502);
  });
});
