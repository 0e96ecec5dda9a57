import { expect } from 'chai';
import fc from 'fast-check';
import {
  type DistinguishedName,
  formatName,
  MAX_NAME_CHARS,
  parseName,
} from '../../../../proxy/x509/names/distinguished-name.js';
import { canonicalName, fieldsOf } from '../../../../proxy/x509/names/subject-fields.js';

const one = (type: string, value: string) => [[{ type, value }]];

/** RFC 4514 §4 examples first, then the corners of §3. */
const good: readonly (readonly [string, DistinguishedName])[] = [
  ['', []],
  ['UID=jsmith,DC=example,DC=net', [...one('UID', 'jsmith'), ...one('DC', 'example'), ...one('DC', 'net')]],
  [
    'OU=Sales+CN=J.  Smith,DC=net',
    [
      [
        { type: 'OU', value: 'Sales' },
        { type: 'CN', value: 'J.  Smith' },
      ],
      ...one('DC', 'net'),
    ],
  ],
  ['CN=James \\"Jim\\" Smith\\, III', one('CN', 'James "Jim" Smith, III')],
  ['CN=Before\\0dAfter', one('CN', 'Before\rAfter')],
  ['1.3.6.1.4.1.1466.0=#04024869', [[{ type: '1.3.6.1.4.1.1466.0', ber: '04024869' }]]],
  ['CN=Lu\\C4\\8Di\\C4\\87', one('CN', 'Lučić')],
  ['CN=Lučić\u{1F600}', one('CN', 'Lučić\u{1F600}')],
  ['CN=', one('CN', '')],
  ['CN=,O=', [...one('CN', ''), ...one('O', '')]],
  ['CN=\\ \\ a\\ ', one('CN', '  a ')],
  ['CN=\\ ', one('CN', ' ')],
  ['CN=\\20', one('CN', ' ')],
  ['CN=a=b', one('CN', 'a=b')],
  ['CN=\\=', one('CN', '=')],
  ['CN=\\#41', one('CN', '#41')],
  ['CN=a#', one('CN', 'a#')],
  ['CN=\\\\', one('CN', '\\')],
  ['CN=\\00', one('CN', '\0')],
  ['x-y1=v', one('x-y1', 'v')],
];

const bad: readonly (readonly [string, string])[] = [
  ['CN', 'no attribute type with its "=" at character 1'],
  ['=x', 'no attribute type with its "=" at character 1'],
  ['CN=a,', 'no attribute type with its "=" at character 6'],
  ['CN=a+', 'no attribute type with its "=" at character 6'],
  ['CN=a, O=b', 'no attribute type with its "=" at character 6'],
  [' CN=a', 'no attribute type'],
  ['1CN=a', 'no attribute type'],
  ['1=a', 'no attribute type'],
  ['01.2=a', 'no attribute type'],
  ['C_N=a', 'no attribute type'],
  ['CN=a;O=b', 'a character that needs a backslash at character 5'],
  ['CN="a"', 'a character that needs a backslash at character 4'],
  ['CN=a<b', 'a character that needs a backslash at character 5'],
  ['CN=a\0', 'a character that needs a backslash at character 5'],
  ['CN= a', 'a leading space without a backslash at character 4'],
  ['CN=a ', 'a trailing space without a backslash at character 5'],
  ['CN=a ,O=b', 'a trailing space without a backslash at character 5'],
  ['CN=#', 'a "#" without hex pairs at character 4'],
  ['CN=#4', 'a "#" without hex pairs'],
  ['CN=#zz', 'a "#" without hex pairs'],
  ['CN=#4142x', 'a character that needs a backslash at character 9'],
  ['CN=a\\', 'a backslash before what needs none at character 5'],
  ['CN=\\x', 'a backslash before what needs none at character 4'],
  ['CN=\\C4', 'a value that is not UTF-8 at character 4'],
  ['CN=\\C0\\80', 'a value that is not UTF-8'],
  ['CN=\\ED\\A0\\80', 'a value that is not UTF-8'],
  ['CN=\ud800', 'not well-formed Unicode'],
  [`CN=${'x'.repeat(MAX_NAME_CHARS)}`, `longer than ${MAX_NAME_CHARS} characters`],
];

const value = fc.string({ unit: 'binary', maxLength: 12 });
const type = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,5}$/),
  fc.stringMatching(/^[0-2](\.(0|[1-9][0-9]{0,4})){1,4}$/),
);
const attribute = fc.oneof(
  fc.record({ type, value }),
  fc.record({ type, ber: fc.stringMatching(/^([0-9A-F]{2}){1,6}$/) }),
);
const anyName = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 4 });

describe('distinguished name', () => {
  for (const [text, name] of good) {
    it(`reads ${JSON.stringify(text)}`, () => expect(parseName(text)).to.deep.equal({ ok: name }));
  }
  for (const [text, fault] of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))}: ${fault}`, () => {
      const read = parseName(text);
      expect('fault' in read && read.fault).to.contain(fault);
    });
  }

  it('property: parse(format(name)) = name', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseName(formatName(name))).to.deep.equal({ ok: name });
      }),
    );
  });

  it('property: format is printable ASCII, whatever the values', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(formatName(name)).to.match(/^[ -~]*$/);
      }),
    );
  });

  it('property: any text is either refused or means the same after format', () => {
    const text = fc.string({ unit: fc.constantFrom(...'CN=O,+\\"# ;<>ab0é\0'), maxLength: 16 });
    fc.assert(
      fc.property(text, (raw) => {
        const read = parseName(raw);
        if ('ok' in read) expect(parseName(formatName(read.ok))).to.deep.equal(read);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('subject fields', () => {
  const nameOf = (text: string): DistinguishedName => {
    const read = parseName(text);
    if ('fault' in read) throw new Error(read.fault);
    return read.ok;
  };

  it('gives each type one spelling and decodes strings in hex; what is no string is left out', () => {
    expect(
      fieldsOf(nameOf('cn=a+2.5.4.10=b,emailAddress=c,1.2.3=#0C03666F6F,1.2.4=#020105,1.2.5=#0C09')),
    ).to.deep.equal([
      { type: 'CN', value: 'a' },
      { type: 'O', value: 'b' },
      { type: 'EMAILADDRESS', value: 'c' },
      { type: '1.2.3', value: 'foo' },
    ]);
  });

  it('two spellings of one name have one canonical text, two names have two', () => {
    expect(canonicalName(nameOf('o=x+CN=\\C4\\8D'))).to.equal(canonicalName(nameOf('2.5.4.3=č+O=x')));
    expect(canonicalName(nameOf('1.2.3=#0C0161'))).to.equal(canonicalName(nameOf('1.2.3=a')));
    expect(canonicalName(nameOf('CN=a,O=b'))).not.to.equal(canonicalName(nameOf('O=b,CN=a')));
    expect(canonicalName(nameOf('CN=a'))).not.to.equal(canonicalName(nameOf('CN=A')));
    expect(canonicalName(nameOf('CN=\\#0C0161'))).not.to.equal(canonicalName(nameOf('CN=#0C0161')));
  });
});
