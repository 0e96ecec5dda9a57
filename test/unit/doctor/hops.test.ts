import { judgeHopCertificate, judgeHopListener } from '../../../doctor/checks/check-hops.js';
import type { MutualTls } from '../../../proxy/transport/mutual-tls.js';
import { expectJudged } from '../../support/judged.js';
import { type CertificateWish, RawAuthority } from '../../support/raw-authority.js';

const authority = new RawAuthority();
const NOW = Date.parse('2030-06-01');
const YEAR = { notBefore: new Date('2030-01-01'), notAfter: new Date('2031-01-01') };

function tls(wish: Partial<CertificateWish> = {}, more: Partial<MutualTls> = {}): MutualTls {
  const names = [{ dns: 'replica.fleet' }];
  const { certificate, key } = authority.issue({ subject: [['2.5.4.3', 'r1']], names, ...YEAR, ...wish });
  return {
    cert: Buffer.from(certificate),
    key: Buffer.from(key),
    ca: Buffer.from(authority.certificate),
    name: 'replica.fleet',
    ...more,
  };
}

describe('doctor: hops', () => {
  it('hop-certificate', () => {
    expectJudged(judgeHopCertificate(tls(), NOW), 'ok', /good for 214 days/);
    const spiffe = tls({ names: [{ uri: 'spiffe://fleet/replica' }] }, { name: 'spiffe://fleet/replica' });
    expectJudged(judgeHopCertificate(spiffe, NOW), 'ok', /good for/);
    expectJudged(judgeHopCertificate(tls(), Date.parse('2031-02-01')), 'fault', /expired at 2031-01-01/, /of that CA/);
    expectJudged(judgeHopCertificate(tls(), Date.parse('2030-12-20')), 'warning', /ends in 12 days/, /of that CA/);
    const elsewhere = tls({}, { ca: Buffer.from(new RawAuthority().certificate) });
    expectJudged(judgeHopCertificate(elsewhere, NOW), 'fault', /leads to no CA of --hop-ca/);
    expectJudged(
      judgeHopCertificate(tls({ names: [{ dns: 'a' }] }), NOW),
      'fault',
      /not for replica\.fleet .* but for DNS:a/,
    );
    expectJudged(judgeHopCertificate(tls({ names: [] }), NOW), 'fault', /but for no name at all/);
    expectJudged(
      judgeHopCertificate(tls({}, { key: tls().key }), NOW),
      'fault',
      /--hop-key beside --hop-cert: .*not the certificate's/,
    );
    expectJudged(
      judgeHopCertificate(tls({}, { ca: Buffer.from('x') }), NOW),
      'fault',
      /--hop-ca: no PEM block/,
      /--hop-ca/,
    );
  });

  it('hop-listener', () => {
    const answered = { t: 'answered', status: 404, kind: 'peers', reason: 'not_found', message: '', skew: 0 } as const;
    const away = { t: 'failed', code: 'ECONNREFUSED', text: 'nobody listens there' } as const;
    expectJudged(judgeHopListener('10.0.0.1:7443', answered), 'ok', /answers at 10\.0\.0\.1:7443/);
    expectJudged(judgeHopListener('a:1', away), 'fault', /a:1: nobody listens there/, /--advertise/);
    expectJudged(
      judgeHopListener('a:1', { ...answered, kind: 'other', reason: 'HTTP 200' }),
      'fault',
      /no ws-proxy: HTTP 200/,
    );
  });
});
