import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { explainCertificate } from '../../../certs/explain.js';
import { showSurvey } from '../../../certs/show.js';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { identityOfCertificate } from '../../../proxy/x509/identity-of-certificate.js';
import { type NamePart, RawAuthority, stringTags } from '../../support/raw-authority.js';

const authority = new RawAuthority();

/** The row of `certs show` that says what a policy may match by. */
function policyRow(subject: readonly NamePart[]): { readonly row: string | undefined; readonly der: Buffer } {
  const { certificate, der } = authority.issue({ subject });
  const facts = explainCertificate(new X509Certificate(certificate));
  const survey = {
    file: 'x.pem',
    certificates: [{ ...facts, signedBy: null, revoked: null }],
    privateKey: 'none' as const,
    lists: [],
    warnings: [],
  };
  const row = showSurvey(survey).find((line) => line.startsWith('  policy '));
  return { row: row?.replace(/^ +policy +/, ''), der };
}

describe('what certs show prints for a policy', () => {
  const subjects: readonly (readonly [string, readonly NamePart[], string])[] = [
    [
      'a plain subject',
      [
        ['2.5.4.10', 'Acme'],
        ['2.5.4.3', 'gw-1'],
      ],
      'match: { subject: { CN: "gw-1", O: "Acme" } }',
    ],
    [
      'types without a short name',
      [
        ['2.5.4.97', 'VATDE-1'],
        ['1.3.6.1.4.1.311.60.2.1.3', 'DE'],
      ],
      'match: { subject: { "1.3.6.1.4.1.311.60.2.1.3": "DE", "2.5.4.97": "VATDE-1" } }',
    ],
    [
      'two of a type',
      [
        ['2.5.4.11', 'a'],
        ['2.5.4.11', 'b'],
      ],
      'match: { subject: { OU: ["b", "a"] } }',
    ],
    [
      'text that a terminal or YAML would obey',
      [['2.5.4.10', 'Ačme \u001b[2J "x", \u{1f642}: #']],
      'match: { subject: { O: "A\\u010dme \\u001b[2J \\"x\\", \\ud83d\\ude42: #" } }',
    ],
  ];
  for (const [what, subject, expected] of subjects) {
    it(`${what}: can be pasted, and fits`, () => {
      const { row, der } = policyRow(subject);
      expect(row).to.equal(expected);
      const policy = compilePolicy(`version: 1\nrules:\n  - name: r\n    ${row}\n    meetups: [a]\n`);
      const identity = identityOfCertificate(der);
      if ('faults' in policy) throw new Error(JSON.stringify(policy.faults));
      if ('fault' in identity) throw new Error(identity.fault);
      expect(policy.ok.decide(identity.ok, 'a').allowed).to.equal(true);
      expect(policy.ok.decide({ ...identity.ok, fields: [] }, 'a').allowed).to.equal(false);
    });
  }

  it('nothing, where the subject has no text', () => {
    expect(policyRow([]).row).to.equal(undefined);
    expect(policyRow([['2.5.4.3', Buffer.from([0, 1]), 3]]).row).to.equal(undefined);
    expect(stringTags.utf8).to.equal(12);
  });
});
