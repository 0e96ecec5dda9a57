import fc from 'fast-check';
import type { SpanAttributes } from '../../proxy/telemetry/calls/span-attributes.js';
import { type SpanAttribute, spanAttributes } from '../../proxy/telemetry/calls/span-attributes.js';
import { SpanBase } from '../../proxy/telemetry/calls/span-base.js';
import type { FinishedSpan } from '../../proxy/telemetry/calls/span-sink.js';
import type { TraceContext } from '../../proxy/wire/trace-context.js';

/** The last millisecond whose nanoseconds are of 64 bits. */
const LAST_TIME = 18_446_744_073_709;

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

/** Any text: ASCII, other characters, half a surrogate pair, and lengths at which the encoding changes. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes)),
  fc
    .tuple(
      fc.constantFrom('a', 'é', '☃', '😀'),
      fc.constantFrom(15, 16, 17, 30, 40, 60, 90, 120, 127, 128, 129, 1_024, 16_400),
    )
    .map(([unit, length]) => unit.repeat(length)),
);

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(Math.trunc),
  fc.constantFrom(0, -0, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), -1),
);

const value = fc.oneof(text, number, fc.boolean(), fc.constant(undefined));

const names = Object.keys(spanAttributes) as SpanAttribute[];
/** No name is both among a span's own attributes and among the session's. */
const [ownNames, commonNames] = [names.filter((_, i) => i % 2 === 0), names.filter((_, i) => i % 2 === 1)];

function attributes(of: readonly SpanAttribute[]): fc.Arbitrary<SpanAttributes> {
  const pair = fc.tuple(fc.constantFrom(...of), value);
  return fc.uniqueArray(pair, { selector: ([name]) => name }).map(Object.fromEntries);
}

const tracestate = fc.oneof(
  fc.constantFrom('a=1', 'a=1,b=2', ' b=2 , a=1', 'a=1,a=2', 'no list', '', `a=${'x'.repeat(600)}`),
  fc.string(),
);

const context: fc.Arbitrary<TraceContext> = fc.record(
  { traceId: hex(32), spanId: hex(16), sampled: fc.boolean(), tracestate },
  { requiredKeys: ['traceId', 'spanId', 'sampled'] },
);

const time = fc.oneof(
  fc.double({ min: 0, max: LAST_TIME, noNaN: true }),
  fc.double({ min: 1.7e12, max: 1.8e12, noNaN: true }),
  fc.constantFrom(0, 0.000_001, 999.999_999_9, 2 ** 32 * 1000, 65_536_000, LAST_TIME),
);

const kind = fc.constantFrom('server' as const, 'client' as const, 'internal' as const);

function spanOf(sessions: readonly SpanBase[]): fc.Arbitrary<FinishedSpan> {
  const given = {
    kind,
    name: text,
    own: context,
    parent: fc.option(context, { nil: undefined }),
    local: fc.boolean(),
    startedAt: time,
    endedAt: time,
    error: fc.boolean(),
    attributes: attributes(ownNames),
    session: fc.constantFrom(...sessions),
    links: fc.oneof(fc.constant(undefined), fc.array(context, { maxLength: 3 })),
  };
  return fc.record(given).map(({ links, ...span }) => ({ ...span, links: links ?? span.session.links }));
}

/** Any spans of a few sessions. */
export const spans: fc.Arbitrary<FinishedSpan[]> = fc
  .array(fc.tuple(attributes(commonNames), fc.array(context, { maxLength: 2 })), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([common, links]) => new SpanBase(common, links)))
  .chain((sessions) => fc.array(spanOf(sessions), { minLength: 1, maxLength: 6 }));
