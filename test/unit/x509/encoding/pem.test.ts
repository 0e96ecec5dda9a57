import { expect } from 'chai';
import fc from 'fast-check';
import { joinPem, PemFault, pemBlocks, pemText, splitPem } from '../../../../proxy/x509/encoding/pem.js';

const LABELS = ['CERTIFICATE', 'PRIVATE KEY', 'EC PRIVATE KEY', 'EC PARAMETERS', 'X509 CRL', 'ENCRYPTED PRIVATE KEY'];

interface Written {
  readonly label: string;
  readonly der: Uint8Array;
  readonly before: string;
  readonly width: number;
}

const written: fc.Arbitrary<Written> = fc.record({
  label: fc.constantFrom(...LABELS),
  der: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  before: fc.string().filter((text) => !text.includes('-----')),
  width: fc.integer({ min: 1, max: 100 }),
});

function render({ label, der, before, width }: Written, newline: string): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [before, `-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join(newline);
}

describe('splitPem', () => {
  it('finds every block with its label and bytes, whatever stands around and however lines are cut', () => {
    const newlines = fc.constantFrom('\n', '\r\n', ' \n');
    fc.assert(
      fc.property(fc.array(written, { maxLength: 6 }), newlines, (blocks, newline) => {
        const found = splitPem(blocks.map((block) => render(block, newline)).join(''));
        expect(found.map(({ label }) => label)).to.deep.equal(blocks.map(({ label }) => label));
        expect(found.map(({ der }) => [...der])).to.deep.equal(blocks.map(({ der }) => [...der]));
        expect(splitPem(joinPem(found)).map(({ der }) => [...der])).to.deep.equal(found.map(({ der }) => [...der]));
      }),
    );
  });

  it('answers any text with blocks or a failure of its own', () => {
    const pieces = fc.constantFrom(
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----END X-----',
      '\n',
      'AAAA',
      '=',
      'A: b',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('\n')),
        ),
        (text) => {
          try {
            splitPem(text);
          } catch (error) {
            expect(error).to.be.instanceOf(PemFault);
            expect(String(error)).to.match(/line \d+: /);
          }
        },
      ),
    );
  });

  const BROKEN: readonly (readonly [what: string, text: string, message: string])[] = [
    ['no END', 'a\n-----BEGIN X-----\nAAAA\n', 'line 2: the X block has no end; copy the whole file again'],
    [
      'two BEGINs',
      '-----BEGIN X-----\n-----BEGIN Y-----\n',
      'line 1: the X block has no end; copy the whole file again',
    ],
    ['a lone END', '\n-----END X-----\n', 'line 2: END X without a BEGIN; copy the file again'],
    [
      'another END',
      '-----BEGIN X-----\nAAAA\n-----END Y-----',
      'line 3: END Y inside the X block of line 1; copy the file again',
    ],
    [
      'not base64',
      '-----BEGIN X-----\nAA*A\n-----END X-----',
      'line 1: the X block is not base64; copy the file again',
    ],
    ['nothing inside', '-----BEGIN X-----\n-----END X-----', 'line 1: the X block is not base64; copy the file again'],
  ];
  for (const [what, text, message] of BROKEN) {
    it(`names the line of a block with ${what}`, () => {
      expect(() => splitPem(text)).to.throw(PemFault, message);
    });
  }

  it('knows an encrypted key in both forms', () => {
    const old =
      '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n';
    const [legacy] = splitPem(old);
    expect(legacy).to.include({ encrypted: true, pem: old });
    const [pkcs8] = splitPem('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----');
    expect(pkcs8?.encrypted).to.equal(true);
  });
});

describe('pemBlocks', () => {
  it('finds what splitPem finds of a label, and what pemText wrote', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 6 }), (blocks) => {
        const text = blocks.map((block) => render(block, '\n')).join('');
        const wanted = splitPem(text).filter(({ label }) => label === 'X509 CRL');
        expect(pemBlocks(text, 'X509 CRL')).to.deep.equal(wanted.map(({ der }) => der));
        const again = wanted.map(({ label, der }) => pemText(label, der)).join('');
        expect(splitPem(again).map(({ der }) => der)).to.deep.equal(wanted.map(({ der }) => der));
      }),
    );
  });

  it('gives nothing of a file that is cut off or not base64', () => {
    const whole = pemText('X509 CRL', Buffer.of(1, 2, 3));
    expect(pemBlocks(whole + whole.slice(0, -10), 'X509 CRL')).to.equal(undefined);
    expect(pemBlocks(whole.replace('AQID', 'AQ*D'), 'X509 CRL')).to.equal(undefined);
  });
});
