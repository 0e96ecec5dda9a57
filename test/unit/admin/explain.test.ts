import { expect } from 'chai';
import fc from 'fast-check';
import { type Answer, ExplainFailure, explainOffline, type Question } from '../../../admin/explain-offline.js';
import { explainText } from '../../../admin/explain-text.js';
import { readPolicy } from '../../../proxy/policy/policy-file.js';
import { identityOfCertificate } from '../../../proxy/x509/identity-of-certificate.js';
import { pem } from '../../support/der-writer.js';
import { RawAuthority } from '../../support/raw-authority.js';
import { Scratch } from '../../support/scratch.js';

const CN = '2.5.4.3';
const O = '2.5.4.10';
const policyText = `version: 1
rules:
  - name: gateways
    match: { subject: { O: Acme } }
    meetups: ['sub/{subscriber}/{gateway}']
    bind: { subscriber: any, gateway: subject.CN }
    role: gateway
    limits: { connections: 2 }
  - { name: others, match: { subject: { O: Other } }, meetups: ['x/**'] }
control:
  - { name: gw, match: { subject: 'CN=gw-1,O=Acme' }, rights: viewer }
`;

describe('explain, offline', () => {
  const authority = new RawAuthority();
  const issued = authority.issue({
    subject: [
      [O, 'Acme'],
      [CN, 'gw-1'],
    ],
    serial: '2a',
  });
  const now = Date.now();
  let scratch: Scratch;
  let files: Pick<Question, 'certificate' | 'policy'>;

  before(() => {
    scratch = new Scratch();
    files = {
      certificate: scratch.write('gw-1.pkeycert.pem', issued.key + issued.certificate),
      policy: scratch.write('policy.yaml', policyText),
    };
  });
  after(() => scratch.remove());

  const ask = (target: string, more: Partial<Question> = {}): Promise<Answer> =>
    explainOffline({ ...files, target, ...more }, now);

  it('allows by rule, role and limits, for a URL, a request path and a meetup id alike', async () => {
    const answers = await Promise.all([
      ask('sub/7/gw-1'),
      ask('/micronets/v1/ws-proxy/sub/7/gw-1'),
      ask('wss://proxy.example:5050/micronets/v1/ws-proxy/sub/7/gw-1'),
    ]);
    for (const answer of answers) {
      expect(answer).to.deep.include({
        allowed: true,
        rule: 'gateways',
        role: 'gateway',
        limits: { connections: 2 },
        meetupId: 'sub/7/gw-1',
        control: { level: 'viewer', tapBodies: false, rule: 'gw' },
      });
      expect(answer).not.to.have.property('label');
    }
  });

  it('denies with the nearest miss', async () => {
    const answer = await ask('sub/7/gw-2');
    expect(answer).to.deep.include({ allowed: false, label: 'policy_denied' });
    expect(answer.reason).to.contain('"gateways", {gateway} is "gw-2", not subject.CN ("gw-1")');
    expect(answer.rules.map((rule) => [rule.rule, rule.missed])).to.deep.equal([
      ['gateways', 'binding'],
      ['others', 'certificate'],
    ]);
    const text = explainText(answer);
    expect(text).to.match(/^DENY policy_denied \(HTTP 403\)\nbecause +no rule allows it/);
    expect(text).to.contain('"others": subject.O is "Acme", not "Other"');
  });

  it('says what is wrong with a path', async () => {
    expect(await ask('/other/sub/7/gw-1')).to.include({ allowed: false, label: 'not_found' });
    expect(await ask('sub/%37/gw-1')).to.include({ allowed: false, label: 'meetup_id_invalid' });
    expect(await ask('https://h/micronets/v1/ws-proxy/')).to.include({
      label: 'meetup_id_invalid',
      reason: 'it is empty',
    });
  });

  it('denies a certificate that is expired, revoked or on the deny list, whatever the policy says', async () => {
    const old = authority.issue({
      subject: [
        [O, 'Acme'],
        [CN, 'gw-1'],
      ],
      notAfter: new Date(now - 1000),
    });
    const certificate = scratch.write('old.pem', old.certificate);
    expect(await ask('sub/7/gw-1', { certificate })).to.include({ allowed: false, label: 'certificate_expired' });
    const crl = scratch.write('root.crl.pem', pem('X509 CRL', authority.revoke({ serials: ['2A'] })));
    const crlCa = scratch.write('root.pem', authority.certificate);
    expect(await ask('sub/7/gw-1', { crl, crlCa })).to.include({ allowed: false, label: 'certificate_revoked' });
    const denyList = scratch.write('deny.yaml', "version: 1\ndeny: [{ subject: 'CN=gw-1,O=Acme' }]");
    expect(await ask('sub/7/gw-1', { denyList })).to.include({
      label: 'certificate_revoked',
      reason: 'the subject is on the deny list',
    });
  });

  it('tells of audit, and knows any-verified', async () => {
    const policy = scratch.write('audit.yaml', `mode: audit\n${policyText}`);
    const audited = await ask('sub/7/gw-2', { policy });
    expect(audited).to.include({ allowed: true }).and.have.property('wouldDeny');
    expect(explainText(audited)).to.match(/^ALLOW, while the policy only audits/);
    expect(await ask('a/b', { policy: 'any-verified' })).to.include({ allowed: true, rule: 'any-verified' });
  });

  it('names the file that cannot be used', async () => {
    const broken = scratch.write('broken.yaml', 'version: 1\nrules: 1\n');
    const garbage = scratch.write('garbage', 'garbage');
    const bad: readonly (readonly [Partial<Question>, string])[] = [
      [{ certificate: scratch.path('none') }, 'none: no such file; check the path (the certificate)'],
      [{ policy: scratch.path('none') }, 'none: no such file; check the path (--policy)'],
      [{ policy: scratch.directory }, ': is a directory; name a file (--policy)'],
      [{ crl: scratch.path('none') }, 'none: no such file; check the path (--crl)'],
      [{ denyList: scratch.path('none') }, 'none: no such file; check the path (--deny-list)'],
      [{ certificate: garbage }, 'garbage: not a certificate in PEM or DER form'],
      [{ policy: broken }, 'broken.yaml:2:1: rules: expected array'],
      [{ crl: garbage }, 'garbage: no whole X509 CRL'],
      [{ crl: garbage, crlCa: garbage }, 'garbage: no whole'],
      [{ denyList: broken }, 'broken.yaml:1:1: deny: expected array'],
    ];
    for (const [more, fault] of bad) {
      const error = await ask('a', more).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ExplainFailure).and.have.property('exitCode', 2);
      expect((error as Error).message).to.contain(fault);
    }
  });

  it('property: agrees with what the policy decides, whoever asks for whichever meetup', async () => {
    const read = readPolicy('policy', Buffer.from(policyText));
    if ('fault' in read) throw new Error(read.fault);
    const names = fc.constantFrom('Acme', 'Other', 'gw-1', 'gw-2', 'x', 'sub');
    const subjects = fc.array(fc.tuple(fc.constantFrom(CN, O), names), { maxLength: 3 });
    const ids = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    let number = 0;
    await fc.assert(
      fc.asyncProperty(subjects, ids, async (subject, id) => {
        const { der } = authority.issue({ subject });
        const identity = identityOfCertificate(der);
        if ('fault' in identity) throw new Error(identity.fault);
        number += 1;
        const certificate = scratch.write(`${number}.der`, der);
        const answer = await ask(id, { certificate });
        const decision = read.ok.decide(identity.ok, id);
        expect([answer.allowed, answer.rule, answer.reason]).to.deep.equal([
          decision.allowed,
          decision.rule,
          decision.reason,
        ]);
      }),
      { numRuns: 50 },
    );
  });
});
