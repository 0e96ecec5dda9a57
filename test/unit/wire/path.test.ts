import { expect } from 'chai';
import fc from 'fast-check';
import {
  faultOf,
  faultOfPrefix,
  MAX_MEETUP_ID_BYTES,
  MAX_PREFIX_BYTES,
  MEETUP_PREFIX,
  meetupIdFrom,
} from '../../../proxy/wire/path.js';

const PCHARS = "ABCXYZabcxyz0189._~:@!$&'()*+,;=-";
const segment = fc
  .string({ unit: fc.constantFrom(...PCHARS), minLength: 1, maxLength: 12 })
  .filter((text) => text !== '.' && text !== '..');
const query = fc.string({ unit: fc.constantFrom(...PCHARS, '/', '?', '%'), maxLength: 20 });
const meetupId = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 20 }), fc.option(query, { nil: undefined }))
  .map(([segments, after]) => segments.join('/') + (after === undefined ? '' : `?${after}`));

describe('meetup path', () => {
  const good = [
    'sub/8675309/00224dd149bb',
    'gw/gateway-1',
    'a',
    'a?b',
    'a?',
    'a?b/c?d=%2f&e',
    'a;x=1/b',
    "A-Z._~:@!$&'()*+,;=-",
    '...',
    '.a/..b',
    'x'.repeat(MAX_MEETUP_ID_BYTES),
    Array.from({ length: 200 }, () => 'd').join('/'),
  ];
  for (const id of good) {
    it(`[PATH-1] takes ${cut(id)} as it is`, () => {
      expect(meetupIdFrom(MEETUP_PREFIX + id)).to.deep.equal({ ok: id });
    });
  }

  const elsewhere = [
    '/',
    '',
    '/micronets/v1/ws-proxy',
    '/micronets/v1/ws-proxyX/a',
    '/Micronets/v1/ws-proxy/a',
    '//micronets/v1/ws-proxy/a',
    '/micronets/v2/ws-proxy/a',
    'http://host/micronets/v1/ws-proxy/a',
    '*',
  ];
  for (const target of elsewhere) {
    it(`[PATH-1] finds nothing at ${target || 'the empty target'}`, () => {
      expect(meetupIdFrom(target)).to.include({ refused: 'not_found' });
    });
  }

  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /empty/],
    ['/', /empty segment/],
    ['a/', /empty segment/],
    ['/a', /empty segment/],
    ['a//b', /empty segment/],
    ['?a', /empty segment/],
    ['a/?b', /empty segment/],
    ['.', /dot segment/],
    ['a/./b', /dot segment/],
    ['a/../b', /dot segment/],
    ['a/..', /dot segment/],
    ['a/..?b', /dot segment/],
    ['a%2fb', /character/],
    ['%61', /character/],
    ['a%', /character/],
    ['a b', /character/],
    ['a\\b', /character/],
    ['a#b', /character/],
    ['a\u0000', /character/],
    ['a\r\nb', /character/],
    ['a\n', /character/],
    ['é', /character/],
    ['a|b', /character/],
    ['a"b', /character/],
    ['a[b]', /character/],
    ['a?b#c', /query/],
    ['a?b c', /query/],
    ['a?é', /query/],
    ['a?b\n', /query/],
    ['x'.repeat(MAX_MEETUP_ID_BYTES + 1), /longer/],
    [`a?${'é'.repeat(MAX_MEETUP_ID_BYTES / 2)}`, /longer/],
  ];
  for (const [id, why] of bad) {
    it(`[PATH-2] refuses ${JSON.stringify(cut(id))}`, () => {
      const reading = meetupIdFrom(MEETUP_PREFIX + id);
      expect(reading).to.include({ refused: 'meetup_id_invalid' });
      expect('detail' in reading ? reading.detail : '').to.match(why);
    });
  }

  it('[PATH-1] is below another prefix where one is given', () => {
    for (const prefix of ['/', '/a/', "/A.b(c)$'/d/", `/${'x'.repeat(MAX_PREFIX_BYTES - 2)}/`]) {
      expect(faultOfPrefix(prefix), prefix).to.equal(undefined);
      expect(meetupIdFrom(`${prefix}sub/1?x`, prefix)).to.deep.equal({ ok: 'sub/1?x' });
    }
    expect(meetupIdFrom(`${MEETUP_PREFIX}a`, '/a/')).to.deep.equal({
      refused: 'not_found',
      detail: 'meetups are below /a/',
    });
  });

  it('[PATH-1] has a prefix that no hop rewrites, and no other', () => {
    const text = fc.oneof(fc.string(), meetupId, nearly(meetupId)).map((middle) => `/${middle}/`);
    fc.assert(
      fc.property(text, (prefix) => {
        const isRead = prefix.length <= MAX_PREFIX_BYTES && faultOf(prefix.slice(1, -1)) === undefined;
        expect(faultOfPrefix(prefix) === undefined).to.equal(prefix === '//' ? false : isRead && !prefix.includes('?'));
        if (faultOfPrefix(prefix) === undefined) expect(new URL(prefix, 'http://host').pathname).to.equal(prefix);
      }),
    );
    for (const [prefix, why] of [
      ['', /begin/],
      ['a/', /begin/],
      ['/a', /end/],
      ['//', /empty segment/],
      ['/a?b/', /character/],
      [`/${'x'.repeat(MAX_PREFIX_BYTES - 1)}/`, /longer/],
    ] as const) {
      expect(faultOfPrefix(prefix), prefix).to.match(why);
    }
  });

  it('[PATH-2] never decodes or changes an id', () => {
    fc.assert(
      fc.property(meetupId, (id) => {
        if (id.length <= MAX_MEETUP_ID_BYTES) expect(meetupIdFrom(MEETUP_PREFIX + id)).to.deep.equal({ ok: id });
      }),
    );
  });

  it('[PATH-2] what it takes survives the normalisation of a URL unchanged, so no hop makes two ids one', () => {
    const target = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), meetupId, nearly(meetupId));
    fc.assert(
      fc.property(target, (id) => {
        const reading = meetupIdFrom(MEETUP_PREFIX + id);
        if (!('ok' in reading)) return;
        const { pathname } = new URL(MEETUP_PREFIX + reading.ok, 'http://host');
        expect(pathname).to.equal(MEETUP_PREFIX + (id.split('?')[0] ?? ''));
        expect(faultOf(reading.ok)).to.equal(undefined);
      }),
      { numRuns: 300 },
    );
  });
});

/** An id with one more character, which may be wrong. */
function nearly(ids: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(ids, fc.nat(), fc.constantFrom('/', '.', '%', '?', '#', '\\', ' ', '\t', '\n', '\u0000', 'é', '%2e'))
    .map(([id, at, odd]) => id.slice(0, at % (id.length + 1)) + odd + id.slice(at % (id.length + 1)));
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 20)}… (${text.length})` : text;
}
