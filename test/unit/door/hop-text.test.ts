import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { readAnswer } from '../../../proxy/door/hop/answer-head.js';
import { drainRequestIn, drainRequestText } from '../../../proxy/door/hop/drain-request.js';
import { quietAfter } from '../../../proxy/door/hop/hop-parts.js';
import { hopMarksOf, looksLikeHop } from '../../../proxy/door/hop-marks.js';
import { FakeClock } from '../../support/fake-clock.js';

/** The request of a text, as Node reads it. */
function requestOf(text: string): IncomingMessage {
  const [line = '', ...fields] = text.split('\r\n');
  const [method, url] = line.split(' ');
  const pairs = fields.filter((field) => field !== '').map((field) => field.split(': '));
  const headers = Object.fromEntries(pairs.map(([name = '', value]) => [name.toLowerCase(), value]));
  return { method, url, headers } as unknown as IncomingMessage;
}

const plan = fc.record({
  deadline: fc.nat(3_600_000),
  batch: fc.nat(1_000_000),
  interval: fc.nat(3_600_000),
  spread: fc.nat(3_600_000),
});

describe('what replicas say to each other', () => {
  it('a drain is read as it was written', () => {
    fc.assert(
      fc.property(plan, fc.stringMatching(/^[!-~]{1,60}$/), (given, via) => {
        const text = drainRequestText({ via, plan: given });
        expect(drainRequestIn(requestOf(text))).to.deep.equal({ via, plan: given });
      }),
    );
  });

  it('a drain with a part that is no number within its bounds is none', () => {
    const odd = fc.oneof(fc.constantFrom('', '-1', '1.5', '1e3', '0x1', ' 1', '3600001', '99999999'), fc.string());
    fc.assert(
      fc.property(fc.constantFrom('deadline', 'batch', 'interval', 'spread'), odd, (part, value) => {
        fc.pre(!/^\d{1,7}$/.test(value) || Number(value) > 3_600_000);
        const query = { deadline: '0', batch: '1', interval: '10', spread: '0', [part]: value };
        const url = `/drain?${new URLSearchParams(query)}`;
        const headers = { 'x-ws-proxy-hop': 'r-1' };
        expect(drainRequestIn({ method: 'POST', url, headers } as unknown as IncomingMessage)).to.equal(undefined);
      }),
    );
  });

  it('marks of a hop are two incarnations, and every header that begins like them is one', () => {
    const marks = { 'x-ws-proxy-hop': 'a-1', 'x-ws-proxy-owner': 'b-1' };
    expect(hopMarksOf({ headers: marks })).to.deep.equal({ via: 'a-1', owner: 'b-1' });
    for (const bad of ['', ' ', 'a b', 'é', 'a\x7f', 'x'.repeat(257)]) {
      expect(hopMarksOf({ headers: { ...marks, 'x-ws-proxy-hop': bad } }), bad).to.equal(undefined);
      expect(hopMarksOf({ headers: { ...marks, 'x-ws-proxy-owner': bad } }), bad).to.equal(undefined);
    }
    for (const name of Object.keys(marks)) expect(looksLikeHop({ headers: { host: 'a', [name]: '' } })).to.equal(true);
    expect(looksLikeHop({ headers: { host: 'a', 'x-ws-prox': '', 'x-request-id': '1' } })).to.equal(false);
  });

  it('the head of an answer is read however it is cut, and what follows is kept', async () => {
    const body = fc.uint8Array({ maxLength: 60 });
    const cuts = fc.array(fc.nat(200), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 599 }),
        fc.boolean(),
        body,
        cuts,
        async (status, isNamed, rest, at) => {
          const name = isNamed ? 'X-WS-Proxy-Incarnation:  b-2 \r\n' : '';
          const head = `HTTP/1.1 ${status} Some Words\r\nServer: x\r\n${name}\r\n`;
          const whole = Buffer.concat([Buffer.from(head, 'latin1'), rest]);
          const line = new FakeLine();
          const read = readAnswer(line as unknown as Socket, 1_000, new FakeClock());
          const borders = [0, ...at.filter((one) => one < head.length).sort((one, two) => one - two), whole.length];
          for (const [index, from] of borders.entries()) line.push(whole.subarray(from, borders[index + 1] ?? from));
          const answer = await read;
          expect(answer).to.deep.include({ t: 'head', status, incarnation: isNamed ? 'b-2' : undefined });
          const seen = 'bytes' in answer ? answer.bytes : Buffer.alloc(0);
          expect(Buffer.concat([seen, (line.read() as Buffer | null) ?? Buffer.alloc(0)])).to.deep.equal(whole);
        },
      ),
    );
  });

  it('a head that does not end, or is none, is no answer; nor is silence', async () => {
    for (const bytes of [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`, 'HTTP/2 200\r\n\r\n', 'HTTP/1.1 20\r\n\r\n']) {
      const line = new FakeLine();
      const read = readAnswer(line as unknown as Socket, 1_000, new FakeClock());
      line.push(bytes);
      expect((await read).t).to.equal('late');
    }
    const clock = new FakeClock();
    const silent = readAnswer(new FakeLine() as unknown as Socket, 1_000, clock);
    clock.advance(1_000);
    expect(await silent).to.deep.equal({ t: 'late', detail: 'no answer within 1000 ms' });
    expect(clock.timers).to.equal(0);
    const gone = new FakeLine();
    const broken = readAnswer(gone as unknown as Socket, 1_000, clock);
    gone.destroy();
    expect((await broken).t).to.equal('broken');
    expect(clock.timers).to.equal(0);
  });

  it('a connection counts as dead only after the other replica has pinged, or ended who is slow', () => {
    const times = { pingInterval: 10_000, pingTimeout: 10_000, stallTimeout: 30_000, closeTimeout: 2_000 };
    expect(quietAfter(times)).to.equal(34_000);
    expect(quietAfter({ ...times, pingInterval: 60_000 })).to.equal(74_000);
  });
});

class FakeLine extends Duplex {
  override _read(): void {}

  override _write(_: unknown, __: string, done: () => void): void {
    done();
  }
}
