import fc from 'fast-check';

/** Envelopes as peers might write them: any order, any white space, odd and broken ones, for property tests. */

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** A JSON string's text with some characters written as escapes, as an unusual encoder might. */
function written(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.array(fc.boolean(), { maxLength: 40 })).map(([value, escapes]) => {
    const units = Array.from({ length: value.length }, (_, i) => {
      const unit = value.charAt(i);
      if (escapes[i] === true) return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
      if (unit === '/' && escapes[i] === false) return '\\/';
      return /[\ud800-\udfff]/.test(unit) ? unit : JSON.stringify(unit).slice(1, -1);
    });
    return `"${units.join('')}"`;
  });
}

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 80 }));
const literal = fc.constantFrom('true', 'false', 'null');
const number = fc.oneof(
  fc.nat().map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom('-0', '0', '1e3', '1E+2', '1.0', '12345678901234567890', '0.5', '200', '404', '1e400'),
);
const scalar = fc.oneof(number, literal, written(anyText));

export const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc
      .array(fc.tuple(space, tie('value')), { maxLength: 3 })
      .map((all) => `[${all.map(([s, v]) => s + v + s).join(',')}]`),
    fc
      .array(fc.tuple(written(anyText), space, tie('value')), { maxLength: 3 })
      .map((all) => `{${all.map(([k, s, v]) => `${s}${k}${s}:${s}${v}${s}`).join(',')}}`),
  ),
}));

const huge = fc.constantFrom(
  JSON.stringify('x'.repeat(20_000)),
  JSON.stringify('"\\'.repeat(5_000)),
  JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ i, '}': ']"{' }))),
  `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
);

const type = written(
  fc.constantFrom(
    'REST:REQUEST',
    'REST:RESPONSE',
    'CONN:HELLO',
    'CONN:INFO',
    'EVENT:DHCP:leaseAcquired',
    'EVENT',
    'DPP:x',
    '',
  ),
);
const idValue = fc.oneof(
  number,
  written(fc.oneof(fc.nat().map(String), fc.string({ maxLength: 5 }), fc.constant('07'))),
  value,
);
const neededNames = [
  'messageId',
  'inResponseTo',
  'requiresResponse',
  'statusCode',
  'method',
  'path',
  'queryStrings',
  'headers',
];

const member = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(written(fc.constantFrom(...neededNames)), fc.oneof(idValue, scalar, value)) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(...neededNames).map((n) => JSON.stringify(n)),
      scalar,
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('"messageType"'), fc.oneof(type, scalar)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('"messageBody"', '"dataFormat"', '"__proto__"'), fc.oneof(huge, value)),
  },
  { weight: 1, arbitrary: fc.tuple(written(anyText), value) },
);

function object(members: fc.Arbitrary<[string, string]>, min: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(members, space), { minLength: min, maxLength: 9 })
    .map((all) => `{${all.map(([[k, v], s]) => `${s}${k}${s}:${s}${v}${s}`).join(',')}}`);
}

const message = fc
  .tuple(object(member, 0), type, fc.boolean())
  .map(([text, t, typed]) =>
    typed ? text.replace(/\}$/, `${text.length > 2 && text !== '{}' ? ',' : ''}"messageType":${t}}`) : text,
  );

const outer = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('"message"'), message) },
  { weight: 1, arbitrary: fc.tuple(written(fc.constant('message')), fc.oneof(message, value)) },
  { weight: 1, arbitrary: fc.tuple(written(anyText), fc.oneof(value, huge)) },
);

export const document = fc
  .tuple(space, object(outer as fc.Arbitrary<[string, string]>, 1), space)
  .map((parts) => parts.join(''));
