import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import {
  judgeAccepted,
  judgeOwnKey,
  judgeOwnKind,
  judgeOwnValidity,
} from '../../../doctor/checks/check-own-certificate.js';
import { judgeChain, judgeExpiry, judgeServerName } from '../../../doctor/checks/check-server-certificate.js';
import type { Answer } from '../../../doctor/look/ask.js';
import type { Shown } from '../../../doctor/look/tls-look.js';
import { oid, sequence } from '../../support/der-writer.js';
import { expectJudged } from '../../support/judged.js';
import { publishedRootKey } from '../../support/published-root.js';
import { type CertificateWish, extension, RawAuthority } from '../../support/raw-authority.js';
import { ecKeys } from '../../support/signing.js';

const CN = '2.5.4.3';
const DAY = 86_400_000;
const authority = new RawAuthority();
const root = new X509Certificate(authority.certificate);
const stranger = new X509Certificate(new RawAuthority([[CN, 'Test Root']]).certificate);
/** One whose private key everybody can have. */
const published = made({ keys: { publicKey: publishedRootKey, privateKey: ecKeys().privateKey } });
const failed = { t: 'failed', code: 'ECONNREFUSED', text: 'nobody listens there' } as const;

function made(wish: Partial<CertificateWish> = {}): X509Certificate {
  return new X509Certificate(
    authority.issue({ subject: [[CN, 'gw-1']], names: [{ dns: 'proxy.example' }], ...wish }).der,
  );
}

function shown(certificate: X509Certificate, chain: readonly X509Certificate[] = []): Shown {
  return { t: 'shown', certificate, chain, protocol: 'http/1.1' };
}

describe('doctor: the server’s certificate', () => {
  it('server-chain: leads to the CA, whatever its time is, or does not', () => {
    expectJudged(judgeChain(shown(made()), [stranger, root], 'ca.pem'), 'ok', /a CA in ca\.pem/);
    const old = made({ notBefore: new Date(Date.now() - 3 * DAY), notAfter: new Date(Date.now() - DAY) });
    expectJudged(judgeChain(shown(old), [root], 'ca.pem'), 'ok', /ca\.pem/);
    // A CA of the same name and another key.
    expectJudged(
      judgeChain(shown(made()), [stranger], 'ca.pem'),
      'fault',
      /signed by CN=Test Root, leads to no CA/,
      /--ca/,
    );
    expectJudged(judgeChain(shown(made(), [root]), [stranger], 'ca.pem'), 'fault', /leads to no CA/);
    expectJudged(judgeChain(shown(root), [root], 'ca.pem'), 'ok', /ca\.pem/);
    expectJudged(judgeChain(failed, [root], 'ca.pem'), 'not_checked', /no TLS/);
  });

  it('server-chain: no file, and a CA whose key is public', () => {
    const unread = { t: 'failed', code: 'CA', text: 'ca.pem: no such file' } as const;
    expectJudged(judgeChain(failed, unread, 'ca.pem'), 'fault', /ca\.pem: no such file/, /--ca/);
    expectJudged(judgeChain(shown(made()), [published], 'ca.pem'), 'fault', /public/, /certs init/);
  });

  it('server-expiry: in time, nearly over, over, to come', () => {
    const start = Date.parse(made().validFrom);
    const year = made({ notBefore: new Date(start), notAfter: new Date(start + 365 * DAY) });
    const at = (days: number) => judgeExpiry(shown(year), start + days * DAY);
    expectJudged(at(100), 'ok', /for 265 days more/);
    expectJudged(at(340), 'warning', /ends in 25 days/, /certs renew/);
    expectJudged(at(366), 'fault', /expired at/, /certs renew/);
    expectJudged(at(-1), 'fault', /begins at .* the clock here says/, /clock/);
    expectJudged(judgeExpiry(failed, start), 'not_checked', /no TLS/);
    // One of a day is new, and no cause to be told each day.
    expectJudged(judgeExpiry(shown(made()), Date.now()), 'ok', /for 0 days more/);
  });

  it('server-name: a DNS name, an address, none', () => {
    expectJudged(judgeServerName(shown(made()), 'proxy.example'), 'ok', /for proxy\.example/);
    expectJudged(judgeServerName(shown(made()), 'localhost'), 'fault', /for DNS:proxy\.example/, /--dns localhost/);
    expectJudged(judgeServerName(shown(made()), '127.0.0.1'), 'fault', /not for 127/, /--ip 127\.0\.0\.1/);
    expectJudged(judgeServerName(shown(made()), '::1'), 'fault', /not for ::1/, /--ip ::1/);
    const bare = new X509Certificate(authority.issue({ subject: [[CN, 'x']] }).der);
    expectJudged(judgeServerName(shown(bare), 'other'), 'fault', /no name at all \(CN=x\)/);
    expectJudged(judgeServerName(failed, 'localhost'), 'not_checked', /no TLS/);
  });
});

describe('doctor: the own certificate', () => {
  it('own-key: fits, does not, and is public', () => {
    const own = (certificate: X509Certificate) => ({ t: 'read', certificate, pem: { cert: '', key: '' } }) as const;
    expectJudged(judgeOwnKey(own(made()), 'a.pem'), 'ok', /a\.pem: .* belong together/);
    const text = 'a.pem: the key does not belong to the certificate';
    expectJudged(judgeOwnKey({ t: 'unusable', text }, 'a.pem'), 'fault', /does not belong/, /--key/);
    expectJudged(judgeOwnKey(own(published), 'a.pem'), 'fault', /public/, /certs issue/);
  });

  it('own-validity: in time, nearly over, over, to come', () => {
    const start = Date.parse(made().validFrom);
    const month = made({ notBefore: new Date(start), notAfter: new Date(start + 30 * DAY) });
    const at = (days: number) => judgeOwnValidity(month, start + days * DAY);
    expectJudged(at(1), 'ok', /29 days/);
    expectJudged(at(25), 'warning', /ends in 5 days/, /certs issue/);
    expectJudged(at(31), 'fault', /expired/, /certs issue/);
    expectJudged(at(-1), 'fault', /not valid before .* the clock here/, /clock/);
  });

  it('own-kind: keys that Envoy takes no client with, usages, and an authority', () => {
    expectJudged(judgeOwnKind(made()), 'ok', /EC P-256/);
    const keys = { ...generateKeyPairSync('ed448') };
    expectJudged(judgeOwnKind(made({ keys })), 'fault', /Ed448/, /certs issue/);
    const usage = (purpose: string) => [extension('2.5.29.37', sequence(oid(purpose)))];
    expectJudged(
      judgeOwnKind(made({ extensions: usage('1.3.6.1.5.5.7.3.1') })),
      'fault',
      /for server, not for a client/,
    );
    expectJudged(judgeOwnKind(made({ extensions: usage('2.5.29.37.0') })), 'fault', /clientAuth/);
    expectJudged(judgeOwnKind(root), 'fault', /a CA/);
  });

  it('accepted: taken, or refused for each of its reasons', () => {
    const answer = { t: 'answered' } as Answer;
    expectJudged(judgeAccepted(answer), 'ok', /takes/);
    const refused = (code: string) => judgeAccepted({ t: 'failed', code, text: `refused (${code})` });
    expectJudged(refused('ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED'), 'fault', /REVOKED/, /certs issue/);
    expectJudged(refused('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), 'fault', /UNKNOWN_CA/, /certs show FILE/);
    expectJudged(refused('ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'), 'fault', /EXPIRED/, /clocks.*revocation-list/);
    expectJudged(refused('ECONNRESET'), 'fault', /ECONNRESET/, /handshake/);
    expectJudged(refused('TIMEOUT'), 'not_checked', /TIMEOUT/);
  });
});
