import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { expect } from 'chai';
import { CredentialsError, readCredentials } from '../../../peer/credentials.js';
import { RawAuthority } from '../../support/raw-authority.js';

const EC_PARAMETERS = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

describe('the credential files of a peer', () => {
  const authority = new RawAuthority();
  const own = authority.issue({ subject: [['2.5.4.10', 'gateway']] });
  const other = authority.issue({ subject: [['2.5.4.10', 'other']] });
  let folder: string;
  let ca: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'wsp-'));
    ca = file('root.cert.pem', authority.certificate);
  });

  after(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  for (const [what, text] of [
    ['certificate first', own.certificate + own.key],
    ['key first', own.key + own.certificate],
    ['EC PARAMETERS and words between', `made by hand\n${EC_PARAMETERS}${own.key}\nsubject: x\n${own.certificate}`],
    ['line ends of Windows', (own.key + own.certificate).replaceAll('\n', '\r\n')],
    ['a chain in the wrong order', authority.certificate + own.certificate + own.key],
  ] as const) {
    it(`may be one file: ${what}`, () => {
      const read = readCredentials({ cert: file('x.pkeycert.pem', text), ca });
      expect(new X509Certificate(read.cert).subject).to.equal('O=gateway');
      expect(() => createSecureContext(read)).not.to.throw();
    });
  }

  it('may be two files', () => {
    const read = readCredentials({ cert: file('x.cert.pem', own.certificate), key: file('x.key.pem', own.key), ca });
    expect([read.cert, read.key]).to.deep.equal([own.certificate, own.key]);
  });

  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

  for (const [what, text, says] of [
    ['no key', own.certificate, /x\.pem: no private key in it; give the key's file by --key/],
    ['no certificate', own.key, /x\.pem: no "BEGIN CERTIFICATE" in it; --cert takes/],
    ['the key of another', own.certificate + other.key, /x\.pem: the key does not belong to the certificate/],
    [
      'an encrypted key',
      own.certificate + encrypted,
      /x\.pem: the private key is encrypted; decrypt it with: openssl pkey/,
    ],
    [
      'a damaged certificate',
      own.key + own.certificate.replace('-\nMI', '-\nAA'),
      /x\.pem: a certificate in it is damaged/,
    ],
    ['a damaged key', own.certificate + own.key.replace('-\nMI', '-\nAA'), /x\.pem: the private key is damaged/],
  ] as const) {
    it(`are refused with the file and what to do: ${what}`, () => {
      const cert = file('x.pem', text);
      expect(() => readCredentials({ cert, ca })).to.throw(CredentialsError, says);
    });
  }

  it('are named when they are not there, or are no file', () => {
    expect(() => readCredentials({ cert: '/nowhere/x.pem', ca })).to.throw(
      CredentialsError,
      '/nowhere/x.pem: no such file',
    );
    expect(() => readCredentials({ cert: folder, ca })).to.throw(
      CredentialsError,
      'is a directory; name a file (--cert)',
    );
    const cert = file('x.pem', own.certificate + own.key);
    expect(() => readCredentials({ cert, ca: '/nowhere/ca.pem' })).to.throw(CredentialsError, '(--ca)');
  });
});
