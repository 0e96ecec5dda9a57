import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { IDENTITY_HEADERS, identityFrom } from '../../../proxy/x509/identity-headers.js';
import { identityOfCertificate } from '../../../proxy/x509/identity-of-certificate.js';
import { type DistinguishedName, formatName } from '../../../proxy/x509/names/distinguished-name.js';

interface Sample {
  readonly what: string;
  /** Base64 of the DER certificate that was presented. */
  readonly certificate: string;
  /** The headers that Envoy 1.40.0 sent for it. */
  readonly headers: readonly string[];
}

const samples = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/envoy-1.40-identities.json', import.meta.url), 'utf8'),
) as readonly Sample[];

const fingerprint = 'ab'.repeat(32);

/** A header list as Envoy sends it for that name; `change` replaces or (undefined) drops headers. */
function headers(
  subject: string,
  change: Readonly<Record<string, string | undefined>> = {},
  more: Readonly<Record<string, unknown>> = {},
): string[] {
  const all: Readonly<Record<string, string | undefined>> = {
    'x-forwarded-client-cert': JSON.stringify([{ hash: fingerprint, subject, ...more }]),
    'x-peer-subject': subject.replace(/ +$/, ''),
    'x-peer-issuer': 'CN=root',
    'x-peer-serial': '0a',
    'x-peer-fingerprint': fingerprint,
    'x-peer-not-after': '1893456000',
    ...change,
  };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

describe('identity headers', () => {
  for (const { what, certificate, headers: sent } of samples) {
    it(`what Envoy sent and what the certificate says are one identity: ${what}`, () => {
      const forwarded = identityFrom(sent);
      const own = identityOfCertificate(Buffer.from(certificate, 'base64'));
      if ('ok' in own) expect(forwarded).to.deep.equal(own);
      else
        expect([forwarded, own.fault]).to.deep.equal([
          {
            refused: 'identity_malformed',
            detail: 'x-forwarded-client-cert: has a character outside printable ASCII',
          },
          'a URI SAN has a character outside printable ASCII',
        ]);
    });
  }

  it('reads every part', () => {
    const more = { uri: ['spiffe://a/b', 'urn:x,y'], dns: ['a.example'] };
    expect(identityFrom(headers('CN=gw\\2C1,O=M+OU=x', { 'x-peer-serial': '00ff' }, more))).to.deep.equal({
      ok: {
        fingerprint,
        serial: 'ff',
        notAfter: 1_893_456_000,
        subject: 'CN=gw\\2C1,O=M+OU=x',
        fields: [
          { type: 'CN', value: 'gw,1' },
          { type: 'O', value: 'M' },
          { type: 'OU', value: 'x' },
        ],
        issuer: 'CN=root',
        uris: more.uri,
        dns: more.dns,
      },
    });
  });

  it('no header at all, or empty ones, is identity_missing', () => {
    const none = { refused: 'identity_missing', detail: 'the edge forwarded no client certificate' };
    expect(identityFrom(['host', 'x', 'X-Other', 'y'])).to.deep.equal(none);
    expect(identityFrom(IDENTITY_HEADERS.flatMap((name) => [name, '']))).to.deep.equal(none);
    expect(identityFrom(['x-peer-subject', '-', 'x-peer-serial', '-'])).to.deep.equal(none);
  });

  for (const [what, values] of [
    ['the text form', [`By=spiffe://mesh/ns/a/sa/b;Hash=${fingerprint};Subject="CN=admin,O=Acme";URI=spiffe://mesh/x`]],
    ['several elements', [`Hash=${fingerprint};Cert="-----BEGIN%20";Subject="",By=spiffe://mesh/y;Hash=ab;URI=`]],
    ['several headers', ['Hash=ab', 'Hash=cd']],
    ['JSON', [JSON.stringify([{ hash: fingerprint, subject: 'CN=admin' }])]],
    ['no grammar at all', ['x'.repeat(20_000)]],
  ] as const) {
    it(`x-forwarded-client-cert alone is nobody, whatever is in it, and says what to do: ${what}`, () => {
      const sent = values.flatMap((value) => ['X-Forwarded-Client-Cert', value]);
      const read = identityFrom([...sent, 'x-peer-subject', '']);
      expect(read).to.have.property('refused', 'identity_malformed');
      expect('told' in read && read.told).to.match(/have the mesh pass TLS through .*docs\/mesh\.md/);
      expect('refused' in read && read.detail).not.to.contain('admin');
    });
  }

  it('property: no text of x-forwarded-client-cert is an identity by itself', () => {
    const pair = fc.tuple(
      fc.constantFrom('By', 'Hash', 'Cert', 'Chain', 'Subject', 'URI', 'DNS', 'hash'),
      fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom(fingerprint, '"CN=admin"', '\\"', ',', ';')),
    );
    const element = fc.array(pair).map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join(';'));
    const text = fc.oneof(
      fc.array(element).map((elements) => elements.join(',')),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(text), (values) => {
        const read = identityFrom(values.flatMap((value) => ['x-forwarded-client-cert', value]));
        expect(read).to.have.property('refused');
      }),
    );
  });

  it('property: what an Envoy that appends makes of a client’s own header is never one certificate', () => {
    const own = `{"by":["spiffe://mesh/y"],"hash":"${fingerprint}","subject":"CN=x","uri":["urn:x"]}`;
    const piece = fc.oneof(
      fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '\\', ' ', '{"hash":"', '"x":', '"x":[', '"x":"', own),
      fc.json({ maxDepth: 1 }),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        // As Envoy 1.40 does with a text in brackets that is there already: whatever else is there it takes for the text form.
        const appended = `[${pieces.join('')},${own}]`;
        expect(identityFrom(headers('CN=x', { 'x-forwarded-client-cert': appended }))).to.have.property('refused');
      }),
      { numRuns: 1000 },
    );
  });

  for (const name of IDENTITY_HEADERS) {
    it(`${name} missing, repeated, oversized or not printable is identity_malformed, by name`, () => {
      const own = headers('CN=x');
      const value = own[own.indexOf(name) + 1] ?? '';
      for (const [bad, fault] of [
        [headers('CN=x', { [name]: undefined }), `${name}: missing`],
        [[...own, name.toUpperCase(), value], `${name}: sent more than once`],
        [headers('CN=x', { [name]: 'f'.repeat(16_385) }), `${name}: longer than`],
        [headers('CN=x', { [name]: `${value}\u0000` }), `${name}: `],
        [headers('CN=x', { [name]: 'é' }), `${name}: has a character outside printable ASCII`],
      ] as const) {
        const read = identityFrom(bad);
        expect(read).to.have.property('refused', 'identity_malformed');
        expect('refused' in read && read.detail).to.contain(fault);
      }
    });
  }

  const bad: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ 'x-peer-fingerprint': fingerprint.toUpperCase() }, 'x-peer-fingerprint: not 64 lower-case hex digits'],
    [{ 'x-peer-fingerprint': 'cd'.repeat(32) }, 'x-forwarded-client-cert: its hash is not x-peer-fingerprint'],
    [{ 'x-peer-serial': '-1' }, 'x-peer-serial: not lower-case hex digits'],
    [{ 'x-peer-serial': '' }, 'x-peer-serial: not lower-case hex digits'],
    [{ 'x-peer-not-after': 'Jan  1 00:00' }, 'x-peer-not-after: not a whole number of seconds'],
    [{ 'x-peer-subject': 'CN=y' }, 'x-forwarded-client-cert: its subject is not x-peer-subject'],
    [{ 'x-peer-subject': '' }, 'x-forwarded-client-cert: its subject is not x-peer-subject'],
    [{ 'x-peer-issuer': '' }, 'x-peer-issuer: empty'],
    [{ 'x-peer-issuer': 'CN="r"' }, 'x-peer-issuer: a character that needs a backslash at character 4'],
    [{ 'x-forwarded-client-cert': 'Hash=ab;Subject="CN=x"' }, 'x-forwarded-client-cert: not a JSON array'],
    [{ 'x-forwarded-client-cert': '{}' }, 'x-forwarded-client-cert: not a JSON array'],
    [{ 'x-forwarded-client-cert': '[]' }, '0 certificates where exactly one belongs'],
    [{ 'x-forwarded-client-cert': '[{},{}]' }, '2 certificates where exactly one belongs'],
    [{ 'x-forwarded-client-cert': '[[]]' }, 'its element is not an object'],
    [{ 'x-forwarded-client-cert': '[{}]' }, 'hash is not a string'],
    [{ 'x-forwarded-client-cert': '[{"hash":"x","subject":1}]' }, 'subject is not a string'],
    [{ 'x-forwarded-client-cert': '[{"hash":"x","uri":"u"}]' }, 'uri is not a list'],
    [{ 'x-forwarded-client-cert': '[{"hash":"x","dns":[1]}]' }, 'dns has an entry that is not a string'],
    [{ 'x-forwarded-client-cert': '[{"hash":"x","dns":["\\u00e9"]}]' }, 'dns has a character outside printable ASCII'],
    [
      { 'x-forwarded-client-cert': JSON.stringify([{ hash: 'x', uri: Array(101).fill('u') }]) },
      'uri has more than 100 entries',
    ],
  ];
  for (const [change, fault] of bad) {
    it(`refuses: ${fault}`, () => {
      const read = identityFrom(headers('CN=x', change));
      expect(read).to.have.property('refused', 'identity_malformed');
      expect('refused' in read && read.detail).to.contain(fault);
    });
  }

  it('a header of another name that ends or starts alike is not read', () => {
    expect(
      identityFrom([...headers('CN=x'), 'x-peer-subject2', 'CN=admin', 'x_peer_subject', 'CN=admin', '__proto__', 'x']),
    ).to.have.property('ok');
  });

  it('property: whatever the values of a subject are, they come back as they were, and no other does', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'admin',
        'x,CN=admin',
        'x"],"subject":"CN=admin"',
        'x+CN=admin',
        '\\',
        'x\\',
        ' admin ',
        '#0C0561646D696E',
      ),
    );
    const names = fc.array(
      fc.array(fc.record({ type: fc.constantFrom('CN', 'O', '1.2.3'), value }), { minLength: 1, maxLength: 2 }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(names, (name: DistinguishedName) => {
        const read = identityFrom(headers(formatName(name)));
        expect('ok' in read && read.ok.fields).to.deep.equal(name.flat());
      }),
    );
  });

  it('property: random headers never throw and never make an identity with another fingerprint', () => {
    const junk = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.json(), fc.constant(fingerprint));
    const lists = fc.array(fc.tuple(fc.constantFrom(...IDENTITY_HEADERS), junk), { maxLength: 8 });
    fc.assert(
      fc.property(lists, (list) => {
        const read = identityFrom([...headers('CN=x').slice(0, 6), ...list.flat()]);
        if ('ok' in read) expect(read.ok.fingerprint).to.equal(fingerprint);
      }),
    );
  });
});
