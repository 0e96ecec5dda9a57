import { expect } from 'chai';
import fc from 'fast-check';
import { clientFrame, FIRST_ID, type FrameTemplate, readId, TEXT } from '../../../bench/frame.js';
import { FrameReader, SHOWN_BYTES } from '../../../bench/frame-reader.js';
import { REQUEST_ID_AT, requestTemplate, responseTemplate } from '../../../bench/messages.js';
import { readHead } from '../../../proxy/transport/frames/frame-head.js';
import { unmask } from '../../../proxy/transport/frames/unmask.js';

const id = fc.integer({ min: FIRST_ID, max: 10 * FIRST_ID - 1 });

/** The payload of a masked frame. */
function payloadOf(frame: Buffer): Buffer {
  const head = readHead(frame, 0);
  if (head === undefined) throw new Error('no frame');
  expect(frame.length).to.equal(head.bytes + head.length);
  unmask(frame, head.bytes, head.length, frame, head.bytes - 4);
  return frame.subarray(head.bytes);
}

function written(template: FrameTemplate, number: number, end = template.frame.length): Buffer {
  const target = Buffer.alloc(template.frame.length + 3);
  template.write(target, 3, number, end);
  return target.subarray(3);
}

describe('a frame that is made once', () => {
  it('carries each id in every place, and is JSON of the wire protocol', () => {
    fc.assert(
      fc.property(id, fc.integer({ min: 0, max: 3_000 }), (number, bytes) => {
        const request = JSON.parse(payloadOf(written(requestTemplate(bytes), number)).toString());
        expect(request.message.messageId).to.equal(number);
        const response = JSON.parse(payloadOf(written(responseTemplate(bytes), number)).toString());
        expect([response.message.messageId, response.message.inResponseTo]).to.deep.equal([number, number]);
        if (bytes >= 13) expect(JSON.stringify(response.message.messageBody)).to.have.length(bytes);
      }),
    );
  });

  it('has its ids in front, so that the rest can be sent as it is', () => {
    const template = responseTemplate(20_000);
    const front = written(template, FIRST_ID + 7, template.idsEnd);
    const whole = Buffer.concat([front.subarray(0, template.idsEnd), template.frame.subarray(template.idsEnd)]);
    const payload = payloadOf(whole);
    expect(readId(payload, REQUEST_ID_AT)).to.equal(FIRST_ID + 7);
    expect(JSON.parse(payload.toString()).message.inResponseTo).to.equal(FIRST_ID + 7);
  });

  it('is masked as every frame of a client', () => {
    const text = Buffer.from('some text');
    expect(payloadOf(clientFrame(TEXT, text)).equals(text)).to.equal(true);
  });
});

describe('the reader of a server’s frames', () => {
  function serverFrame(length: number): Buffer {
    const payload = Buffer.alloc(length, length);
    if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload]);
    if (length < 65_536) return Buffer.concat([Buffer.from([0x81, 126, length >> 8, length & 0xff]), payload]);
    const head = Buffer.alloc(10);
    head.set([0x81, 127]);
    head.writeBigUInt64BE(BigInt(length), 2);
    return Buffer.concat([head, payload]);
  }

  it('shows each frame once with its length and its first bytes, however the stream is cut', () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.constantFrom(125, 126, 65_535, 65_536, 100_000));
    fc.assert(
      fc.property(
        fc.array(length, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 10 }),
        (lengths, sizes) => {
          const shown: number[] = [];
          const reader = new FrameReader((_opcode, buffer, at, size) => {
            const first = buffer.subarray(at, at + Math.min(size, SHOWN_BYTES));
            expect(first.equals(Buffer.alloc(Math.min(size, SHOWN_BYTES), size))).to.equal(true);
            shown.push(size);
          });
          const bytes = Buffer.concat(lengths.map(serverFrame));
          for (let at = 0, count = 0; at < bytes.length; count += 1) {
            const end = at + (sizes[count % sizes.length] ?? 1);
            reader.push(bytes.subarray(at, end));
            at = end;
          }
          expect(shown).to.deep.equal(lengths);
        },
      ),
    );
  });
});
