import { expect } from 'chai';
import fc from 'fast-check';
import { NatsReader } from '../../bench/rivals/nats-reader.js';

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  // Payloads that look like what the server says.
  fc.constantFrom('', '\r\n', 'PING\r\n', 'MSG a 1 3\r\nabc\r\n', '{}\r').map((text) => Buffer.from(text)),
);
const subject = fc.constantFrom('a', 'gateway.1', '_INBOX.x.1000000000', 'M', '9');
const said = fc.oneof(
  fc.constantFrom('PING', 'PONG', '+OK', 'INFO {"max_payload":1048576}', "-ERR 'Stale Connection'", ''),
  fc.record({ subject, reply: fc.option(subject), payload }),
);

function bytesOf(one: typeof said extends fc.Arbitrary<infer T> ? T : never): Buffer {
  if (typeof one === 'string') return Buffer.from(`${one}\r\n`);
  const reply = one.reply === null ? '' : `${one.reply} `;
  const head = `MSG ${one.subject} 1 ${reply}${one.payload.length}\r\n`;
  return Buffer.concat([Buffer.from(head), one.payload, Buffer.from('\r\n')]);
}

describe('the reader of what a NATS server says', () => {
  it('shows each message and each line once, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(said, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 }),
        (all, sizes) => {
          const shown: (string | Buffer)[] = [];
          const reader = new NatsReader({
            message: (buffer, at, length) => shown.push(Buffer.from(buffer.subarray(at, at + length))),
            line: (text) => shown.push(text),
          });
          const bytes = Buffer.concat(all.map(bytesOf));
          for (let at = 0, count = 0; at < bytes.length; count += 1) {
            const end = at + (sizes[count % sizes.length] ?? 1);
            reader.push(bytes.subarray(at, end));
            at = end;
          }
          expect(shown).to.deep.equal(all.map((one) => (typeof one === 'string' ? one : one.payload)));
        },
      ),
    );
  });
});
