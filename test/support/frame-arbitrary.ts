import fc from 'fast-check';

/** The ways to write the length of a payload. RFC 6455 §5.2 wants the shortest; readers must treat the others alike. */
const LENGTH_FORMS = ['shortest', 'shortest', 'shortest', 'shortest', 'two bytes', 'eight bytes'] as const;
type LengthForm = (typeof LENGTH_FORMS)[number];

/** One frame as a client may send it: mostly whole short messages; also fragments, control frames and what breaks a rule. */
export const frame: fc.Arbitrary<Buffer> = fc
  .record({
    first: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(0x81, 0x82) },
      { weight: 6, arbitrary: fc.constantFrom(0x01, 0x02, 0x00, 0x80, 0x89, 0x8a) },
      { weight: 1, arbitrary: fc.constant(0x88) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
    ),
    payload: fc.oneof(
      { weight: 6, arbitrary: fc.string({ maxLength: 200 }).map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 2, arbitrary: fc.integer({ min: 4_000, max: 6_100 }).map((length) => Buffer.alloc(length, 'x')) },
      // This is not UTF-8.
      { weight: 1, arbitrary: fc.integer({ min: 4_000, max: 6_100 }).map((length) => Buffer.alloc(length, 0xff)) },
    ),
    mask: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    masked: fc.integer({ min: 0, max: 30 }).map((dice) => dice > 0),
    form: fc.constantFrom<LengthForm>(...LENGTH_FORMS),
  })
  .map(({ first, payload, mask, masked, form }) => {
    const body = masked ? payload.map((byte, at) => byte ^ (mask[at & 3] ?? 0)) : payload;
    const head = Buffer.concat([Buffer.from([first]), lengthOf(payload.length, masked ? 0x80 : 0, form)]);
    return Buffer.concat([head, masked ? mask : Buffer.alloc(0), body]);
  });

function lengthOf(length: number, bit: number, form: LengthForm): Buffer {
  if (form === 'eight bytes') {
    const bytes = Buffer.alloc(9);
    bytes[0] = bit | 127;
    bytes.writeUIntBE(length, 3, 6);
    return bytes;
  }
  if (form === 'two bytes' || length > 125) return Buffer.from([bit | 126, length >> 8, length & 0xff]);
  return Buffer.from([bit | length]);
}
