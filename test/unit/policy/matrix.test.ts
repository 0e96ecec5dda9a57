import { expect } from 'chai';
import fc from 'fast-check';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import type { CompiledPolicy } from '../../../proxy/policy/rules/ruling.js';
import type { Identity } from '../../../proxy/x509/identity.js';

/** A rule in a form that both the policy and a plain reading can judge. */
interface PlainRule {
  readonly effect: 'allow' | 'deny';
  readonly cn: string | undefined;
  readonly org: string | undefined;
  readonly template: string;
}

const templates = ['a/{g}', '{g}', 'a/*', 'a/**', 'a/b', 'a/{g}?*', 'a/b?q', '{g}/{g}', '**', 'x-{g}'];
const names = ['a', 'b', 'c'];
const optional = fc.option(fc.constantFrom(...names), { nil: undefined });
const rules: fc.Arbitrary<readonly PlainRule[]> = fc.array(
  fc.record({
    effect: fc.constantFrom('allow', 'allow', 'deny'),
    cn: optional,
    org: optional,
    template: fc.constantFrom(...templates),
  }),
  { maxLength: 6 },
);
const cns = fc.array(fc.constantFrom(...names), { maxLength: 2 });
const people = fc.record({ cns, org: optional });
const IDS = ['a', 'b', 'a/a', 'a/b', 'a/c', 'a/b/c', 'b/b', 'a/b?q', 'a/b?r', 'a?q', 'x-a', 'x-', 'c/a'];
const ids = fc.constantFrom(...IDS);

function identityOf({ cns, org }: { readonly cns: readonly string[]; readonly org: string | undefined }): Identity {
  const fields = cns.map((value) => ({ type: 'CN', value }));
  if (org !== undefined) fields.push({ type: 'O', value: org });
  const subject = fields.map(({ type, value }) => `${type}=${value}`).join(',');
  return { fingerprint: 'f', serial: '1', notAfter: 2e9, subject, fields, issuer: 'CN=r', uris: [], dns: [] };
}

function policyOf(mode: string, plain: readonly PlainRule[]): CompiledPolicy {
  const written = plain.map(({ effect, cn, org, template }, i) => {
    const subject = { ...(cn === undefined ? {} : { CN: cn }), ...(org === undefined ? {} : { O: org }) };
    const match = Object.keys(subject).length === 0 ? 'any' : { subject };
    const meetups = [effect === 'deny' ? template.replaceAll('{g}', '*').replace('x-*', 'x-a') : template];
    const bind = meetups[0]?.includes('{g}') ? { bind: { g: 'subject.CN' } } : {};
    return { name: `${i}`, effect, match, meetups, ...bind };
  });
  // Every JSON text is YAML.
  const compiled = compilePolicy(JSON.stringify({ version: 1, mode, rules: written }));
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  return compiled.ok;
}

/** Reads the same rules plainly: the number of the rule that decides, or undefined. */
function plainly(plain: readonly PlainRule[], who: Identity, id: string): number | undefined {
  const found = plain.findIndex((rule) => {
    const isFor = hasOrNone(who, 'CN', rule.cn) && hasOrNone(who, 'O', rule.org);
    return isFor && expressionOf(rule, own(who, 'CN')).test(id);
  });
  return found < 0 ? undefined : found;
}

function own(who: Identity, type: string): readonly string[] {
  return who.fields.filter((field) => field.type === type).map((field) => field.value);
}

function hasOrNone(who: Identity, type: string, wanted: string | undefined): boolean {
  return wanted === undefined || own(who, type).includes(wanted);
}

/** A template as a regular expression; `{g}` is the only CN, or nothing at all. */
function expressionOf({ effect, template }: PlainRule, cn: readonly string[]): RegExp {
  if (effect === 'deny' && template === 'x-{g}') return /^x-a$/;
  const [value, ...more] = cn;
  const bound = value === undefined || more.length > 0 ? '(?!)' : value;
  const segment = effect === 'deny' ? '[^/?]+' : bound;
  const tail = template.endsWith('**') ? '[^/?].*' : template.endsWith('?*') ? '(\\?.*)?' : '';
  const core = tail === '' ? template : template.slice(0, -2);
  const parts = core.split('{g}').map((part) => part.replaceAll('?', '\\?').replaceAll('*', '[^/?]+'));
  return new RegExp(`^${parts.join(segment)}${tail}$`);
}

function checkAgreement(policy: CompiledPolicy, plain: readonly PlainRule[], who: Identity, id: string): void {
  const decision = policy.decide(who, id);
  const number = plainly(plain, who, id);
  const explained = policy.explain(who, id);
  const fits = explained.rules.find((rule) => rule.answer === 'fits');
  const found = [decision.allowed, decision.rule, fits?.rule, explained.rules.length];
  const rule = number?.toString();
  expect(found, id).to.deep.equal([
    number !== undefined && plain[number]?.effect === 'allow',
    rule,
    rule,
    plain.length,
  ]);
  expect(JSON.stringify(explained.decision)).to.equal(JSON.stringify(decision));
}

describe('policy: a generated matrix of rules, identities and paths', () => {
  it('decide, explain and a plain reading of the rules agree', () => {
    fc.assert(
      // To compile a policy costs more than to ask it, so each policy is asked about every id for several people.
      fc.property(rules, fc.array(people, { minLength: 1, maxLength: 4 }), (plain, persons) => {
        const policy = policyOf('enforce', plain);
        for (const person of persons) for (const id of IDS) checkAgreement(policy, plain, identityOf(person), id);
      }),
      { numRuns: 400 },
    );
  });

  it('audit lets everybody in, and would deny exactly whom enforce denies', () => {
    fc.assert(
      fc.property(rules, people, ids, (plain, person, id) => {
        const who = identityOf(person);
        const enforced = policyOf('enforce', plain).decide(who, id);
        const audited = policyOf('audit', plain).decide(who, id);
        expect(audited.allowed).to.equal(true);
        expect('wouldDeny' in audited ? audited.wouldDeny : undefined).to.equal(
          enforced.allowed ? undefined : enforced.reason,
        );
      }),
    );
  });
});
