import { expect } from 'chai';
import fc from 'fast-check';
import { identityFrom } from '../../../proxy/x509/identity-headers.js';
import { KnownIdentities, MAX_KNOWN_CHARS, MAX_KNOWN_IDENTITIES } from '../../../proxy/x509/known-identities.js';

function headers(subject: string, fingerprint = 'ab'.repeat(32)): string[] {
  return [
    ...['host', 'example', 'x-forwarded-client-cert', JSON.stringify([{ hash: fingerprint, subject }])],
    ...['x-peer-subject', subject, 'x-peer-issuer', 'CN=root', 'x-peer-serial', '0a'],
    ...['x-peer-fingerprint', fingerprint, 'x-peer-not-after', '1893456000'],
  ];
}

function identityIn(reading: ReturnType<typeof identityFrom>): unknown {
  return 'ok' in reading ? reading.ok : undefined;
}

describe('known identities', () => {
  it('gives one certificate one identity, whatever else the requests say', () => {
    const known = new KnownIdentities();
    const first = identityIn(known.read(headers('CN=a')));
    const again = identityIn(known.read(['user-agent', 'x', ...headers('CN=a')]));
    expect(first).to.include({ subject: 'CN=a' });
    expect(again).to.equal(first);
    expect(identityIn(known.read(headers('CN=b')))).to.include({ subject: 'CN=b' });
  });

  it('says what reading anew says, of any list of headers, seen before or not', () => {
    const known = new KnownIdentities();
    const list = fc
      .tuple(fc.constantFrom('CN=a', 'CN=a,O=b', 'a', ''), fc.constantFrom('ab', 'cd', 'AB'), fc.nat(13), fc.boolean())
      .map(([subject, hex, at, twice]) => {
        const all = headers(subject, hex.repeat(32));
        const [name = '', value = ''] = all.splice(at - (at % 2), 2);
        if (twice) all.push(name.toUpperCase(), value, name, value);
        return all;
      });
    fc.assert(
      fc.property(list, (one) => {
        expect(known.read(one)).to.deep.equal(identityFrom(one));
        expect(known.read(one)).to.deep.equal(identityFrom(one));
      }),
      { numRuns: 500 },
    );
  });

  it('forgets the longest known when it knows too many, and does not remember what is too long', () => {
    const known = new KnownIdentities();
    const first = identityIn(known.read(headers('CN=0')));
    for (let i = 1; i < MAX_KNOWN_IDENTITIES; i += 1) known.read(headers(`CN=${i}`));
    expect(identityIn(known.read(headers('CN=0')))).to.equal(first);
    known.read(headers('CN=one more'));
    const anew = identityIn(known.read(headers('CN=0')));
    expect(anew).to.deep.equal(first);
    expect(anew).to.not.equal(first);
    const long = headers(`CN=${'x'.repeat(MAX_KNOWN_CHARS)}`);
    expect(identityIn(known.read(long))).to.not.equal(identityIn(known.read(long)));
  });
});
