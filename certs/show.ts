import { basename } from 'node:path';
import type { Names } from './anatomy.js';
import type { CertificateFacts } from './explain.js';
import type { ListFacts } from './explain-list.js';
import type { Survey, SurveyedCertificate } from './survey.js';
import { inDays } from './validity.js';

/** Most entries of a list that the text form prints; `-o json` prints all. */
const MAX_SHOWN_ENTRIES = 50;

type Row = readonly [label: string, value: string];

/** A survey as lines for people. */
export function showSurvey(survey: Survey): string[] {
  return [
    survey.file,
    ...rows(survey.warnings.map((warning) => ['warning', warning] as const)),
    ...survey.certificates.flatMap((certificate, at) => [
      ...(at === 0 ? [] : ['']),
      ...rows(certificateRows(certificate, at === 0 ? survey.privateKey : 'none')),
    ]),
    ...survey.lists.flatMap((list, at) => [...(at === 0 ? [] : ['']), ...rows(listRows(list))]),
    ...(survey.privateKey === 'alone' ? rows([['holds', 'a private key and no certificate']]) : []),
  ];
}

function certificateRows(facts: SurveyedCertificate, privateKey: Survey['privateKey']): Row[] {
  return [
    ['subject', facts.subject === '' ? 'empty' : facts.subject],
    ['issuer', facts.issuer],
    ['signed by', signerText(facts)],
    ['names', namesText(facts.names)],
    ['serial', facts.serial],
    ['sha-256', facts.fingerprint],
    ['valid', `${facts.notBefore} to ${facts.notAfter} (${leftText(facts.daysLeft)})`],
    ['key', privateKey === 'of the certificate' ? `${facts.key}, private key in this file` : facts.key],
    ['usages', usagesText(facts)],
    ...(facts.match === null ? [] : [['policy', `match: { subject: ${matchText(facts.match)} }`] as const]),
    ['use', facts.uses.map((use) => USE_TEXT[use]).join('; or ') || 'none'],
    ...facts.warnings.map((warning) => ['warning', warning] as const),
  ];
}

const USE_TEXT = {
  authority: 'authority: signs certificates and revocation lists',
  server: 'server: Envoy, for peers and operators',
  client: 'client: a peer or an operator; the policy says which and where',
} as const;

function listRows(facts: ListFacts): Row[] {
  const shown = facts.revoked.slice(0, MAX_SHOWN_ENTRIES);
  const hidden = facts.revoked.length - shown.length;
  const until =
    facts.nextUpdate === null ? 'no next update' : `next ${facts.nextUpdate} (${leftText(facts.daysLeft ?? 0)})`;
  return [
    ['list of', facts.issuer],
    ['signed by', facts.signedBy ?? 'nobody that is known here'],
    ['number', facts.number],
    ['updated', `${facts.thisUpdate}, ${until}`],
    ['revoked', facts.revoked.length === 0 ? 'none' : String(facts.revoked.length)],
    ...shown.map(({ serial, since, reason }) => ['', `${serial}  ${since}  ${reason}`] as const),
    ...(hidden > 0 ? [['', `and ${hidden} more; -o json prints them all`] as const] : []),
    ...facts.warnings.map((warning) => ['warning', warning] as const),
  ];
}

function rows(list: readonly Row[]): string[] {
  return list.map(([label, value]) => `  ${label.padEnd(10)} ${value}`);
}

function signerText({ signedBy }: SurveyedCertificate): string {
  if (signedBy === null) return 'nobody that is known here';
  return signedBy === 'root' || signedBy === 'intermediate' ? `${signedBy}.cert.pem` : signedBy;
}

function namesText({ dns, ip, uri, email, others }: Names): string {
  const kinds = [
    ...dns.map((name) => `DNS ${printable(name)}`),
    ...uri.map((name) => `URI ${printable(name)}`),
    ...ip.map((name) => `IP ${name}`),
    ...email.map((name) => `email ${printable(name)}`),
    ...(others > 0 ? [`${others} of other kinds`] : []),
  ];
  const unmatched = ip.length + email.length + others > 0 ? ' (a policy matches DNS and URI names only)' : '';
  return (kinds.join(', ') || 'none') + unmatched;
}

/** Writes YAML that can be pasted, in ASCII whatever the values are. */
function matchText(match: NonNullable<CertificateFacts['match']>): string {
  const entries = Object.entries(match).map(([type, value]) => {
    const key = /^[A-Z]/.test(type) ? type : `"${type}"`;
    return `${key}: ${JSON.stringify(value).replaceAll(',"', ', "')}`;
  });
  return `{ ${entries.join(', ')} }`.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function usagesText({ keyUsages, extendedKeyUsages }: CertificateFacts): string {
  return [...(keyUsages ?? ['any key usage']), ...(extendedKeyUsages ?? ['any purpose'])].join(', ');
}

function leftText(days: number): string {
  if (days < 0) return 'past';
  return `${inDays(days)} left`;
}

/** The maker of a certificate chooses its names: a control character must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** One line for each file, from the first certificate in it. */
export function showOverview(surveys: readonly Survey[]): string[] {
  const table = surveys.flatMap(({ file, certificates: [first] }) =>
    first === undefined ? [] : [overviewRow(file, first)],
  );
  if (table.length === 0) return ['no *.cert.pem file; make a root with ws-proxy certs init'];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function overviewRow(file: string, facts: SurveyedCertificate): string[] {
  const state = facts.revoked !== null ? 'revoked' : facts.daysLeft < 0 ? 'expired' : leftText(facts.daysLeft);
  return [basename(file), facts.uses.join('+') || 'no use', state, facts.subject];
}
