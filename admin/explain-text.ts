import { endings } from '../proxy/wire/close.js';
import { safe } from '../proxy/wire/safe-text.js';
import type { Answer } from './explain-offline.js';

/** Rules that missed and are told, the nearest first. */
const MAX_MISSES = 5;
const nearness = ['binding', 'meetup', 'certificate'] as const;

/** The answer for people, without a newline at its end. */
export function explainText(answer: Answer): string {
  const { identity, control } = answer;
  const lines = [
    headline(answer),
    row('because', answer.reason),
    ...(answer.wouldDeny === undefined ? [] : [row('would deny', `${answer.wouldDeny} (the policy only audits)`)]),
    ...(answer.rule === undefined ? [] : [row('rule', answer.rule)]),
    ...(answer.role === undefined ? [] : [row('role', answer.role)]),
    ...limitRows(answer.limits ?? {}),
    row('meetup', JSON.stringify(answer.meetupId)),
    row('subject', identity.subject === '' ? '(none)' : identity.subject),
    row('issuer', identity.issuer),
    row('serial', identity.serial),
    row('sha256', identity.fingerprint),
    ...identity.uris.map((uri) => row('URI', uri)),
    ...identity.dns.map((name) => row('DNS', name)),
    row('expires', new Date(identity.notAfter * 1000).toISOString()),
    row('control', control.level + (control.tapBodies ? ', and message bodies in a tap' : '')),
  ];
  return [...lines, ...missRows(answer)].join('\n');
}

function headline({ allowed, label, wouldDeny, handshake }: Answer): string {
  if (handshake === true) return 'DENY at the TLS handshake';
  if (allowed) return wouldDeny === undefined ? 'ALLOW' : 'ALLOW, while the policy only audits';
  return label === undefined ? 'DENY' : `DENY ${label} (HTTP ${endings[label].status})`;
}

function limitRows(limits: object): readonly string[] {
  return Object.entries(limits).map(([name, value]) => row('limit', `${name} ${value}`));
}

function missRows({ rules }: Answer): readonly string[] {
  const missed = nearness.flatMap((part) => rules.filter((rule) => rule.missed === part && rule.effect === 'allow'));
  const told = missed.slice(0, MAX_MISSES).map(({ rule, why }) => row('missed', `${JSON.stringify(rule)}: ${why}`));
  const more = missed.length - told.length;
  return more > 0 ? [...told, row('', `and ${more} rules that are farther off; -o json has them all`)] : told;
}

function row(name: string, text: string): string {
  return `${name.padEnd(11)} ${safe(text)}`;
}
