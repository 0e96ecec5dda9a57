import type { Identity } from '../../x509/identity.js';
import { type Binding, compileBindings, unboundReason } from './binding.js';
import { quoted, type RuleFault } from './conditions.js';
import type { Limits, Role } from './decision.js';
import { compileMatcher, type Evidence, list, type Matcher } from './matcher.js';
import type { RuleDocument } from './schema.js';
import { compileTemplate, matchTemplate, type Template } from './template.js';

/** A rule, ready to be asked. */
export interface Rule {
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  readonly role: Role;
  readonly limits: Limits;
  readonly matcher: Matcher;
  readonly templates: readonly Template[];
  readonly bindings: readonly Binding[];
}

/**
 * The answer of a rule for a certificate at a meetup. `nearness` orders the misses: a rule with a fitting certificate is nearer than a
 * rule without, and a rule with a fitting template is nearer still. `describe` makes its text only on demand.
 */
export type RuleFit =
  | { readonly fits: true; readonly template: Template }
  | {
      readonly fits: false;
      readonly missed: 'certificate' | 'meetup' | 'binding';
      readonly nearness: number;
      readonly describe: () => string;
    };

const NEAR_CERTIFICATE = 1000;
const NEAR_TEMPLATE = 2000;

export function judge(rule: Rule, identity: Identity, meetupId: string): RuleFit {
  const matched = rule.matcher.match(identity);
  if ('miss' in matched) {
    const { met, describe } = matched.miss;
    return { fits: false, missed: 'certificate', nearness: met, describe: () => describe(identity) };
  }
  return judgeMeetup(rule, identity, meetupId, matched.evidence);
}

/** The answer of a rule that is for the certificate. */
export function judgeMeetup(rule: Rule, identity: Identity, meetupId: string, evidence: Evidence): RuleFit {
  let unbound: string | undefined;
  for (const template of rule.templates) {
    const captures = matchTemplate(template, meetupId);
    if (captures === undefined) continue;
    const reason = unboundReason(rule.bindings, captures, identity, evidence);
    if (reason === undefined) return { fits: true, template };
    unbound ??= reason;
  }
  if (unbound !== undefined) {
    const reason = unbound;
    return { fits: false, missed: 'binding', nearness: NEAR_TEMPLATE, describe: () => reason };
  }
  const wanted = (): string => quoted(rule.templates.map((template) => template.text));
  const describe = (): string => `the meetup id ${JSON.stringify(meetupId)} does not fit ${wanted()}`;
  return { fits: false, missed: 'meetup', nearness: NEAR_CERTIFICATE, describe };
}

/** Compiles one rule of the file; its form was checked before. */
export function compileRule(document: RuleDocument): { readonly ok: Rule } | { readonly faults: readonly RuleFault[] } {
  const effect = document.effect ?? 'allow';
  const faults: RuleFault[] = effect === 'deny' ? denyFaults(document) : [];
  const templates = list(document.meetups).flatMap((text) => {
    const compiled = compileTemplate(text);
    if ('ok' in compiled) return [compiled.ok];
    faults.push({ path: ['meetups'], message: `${JSON.stringify(text)} ${compiled.fault}` });
    return [];
  });
  const matcher = compileMatcher(document.match, effect === 'deny');
  if ('faults' in matcher) {
    return { faults: [...faults, ...matcher.faults.map((one) => ({ ...one, path: ['match', ...one.path] }))] };
  }
  if (faults.length > 0) return { faults };
  const bindings = compileBindings(document.bind ?? {}, templates, matcher.ok);
  if ('faults' in bindings) return bindings;
  const { name, role = 'any' } = document;
  const limits = definedLimits(document.limits ?? {});
  return { ok: { name, effect, role, limits, matcher: matcher.ok, templates, bindings: bindings.ok } };
}

function denyFaults(document: RuleDocument): RuleFault[] {
  return (['role', 'limits', 'bind'] as const)
    .filter((key) => document[key] !== undefined)
    .map((key) => ({ path: [key], message: 'means nothing in a rule that denies; use * in its templates' }));
}

function definedLimits({ connections, messagesPerSecond, bytesPerSecond }: RuleDocument['limits'] & object): Limits {
  return {
    ...(connections === undefined ? {} : { connections }),
    ...(messagesPerSecond === undefined ? {} : { messagesPerSecond }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  };
}
