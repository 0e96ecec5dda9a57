import type { Identity } from '../wire/identity.js';
import type { RuleFault } from './conditions.js';
import { compileMatcher, type Matcher } from './matcher.js';
import { NO_RIGHTS, type Rights } from './rights.js';
import { compileRule } from './rule.js';
import { type CompiledPolicy, ruling } from './ruling.js';
import { type ControlRuleDocument, MAX_POLICY_BYTES, policyDocument } from './schema.js';
import { type Fault, MAX_FAULTS, type Path, readYaml } from './yaml-document.js';

/** Reads the text of a policy file and makes it ready to be asked. Every fault has its place. Throws nothing. */
export function compilePolicy(text: string): { readonly ok: CompiledPolicy } | { readonly faults: readonly Fault[] } {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    return { faults: [{ line: 1, column: 1, message: `the file is larger than ${MAX_POLICY_BYTES} bytes` }] };
  }
  const read = readYaml(text, policyDocument);
  if ('faults' in read) return read;
  const { mode = 'enforce', rules, control = [] } = read.ok;
  const compiledRules = section('rules', rules, compileRule);
  const grants = section('control', control, compileGrant);
  const faults = [...compiledRules.faults, ...grants.faults];
  if (faults.length > 0) {
    return { faults: faults.slice(0, MAX_FAULTS).map(({ path, message }) => read.fault(path, message)) };
  }
  return { ok: ruling(mode, compiledRules.ok, (identity) => rightsOf(grants.ok, identity)) };
}

interface Grant {
  readonly matcher: Matcher;
  readonly rights: Rights;
}

function compileGrant(document: ControlRuleDocument) {
  const matcher = compileMatcher(document.match, false);
  if ('faults' in matcher) return { faults: matcher.faults.map((one) => ({ ...one, path: ['match', ...one.path] })) };
  const { patterns } = matcher.ok;
  const named = [...patterns.uri, ...patterns.dns].find((pattern) => pattern.names.length > 0);
  if (named !== undefined) {
    return {
      faults: [{ path: ['match'], message: `${JSON.stringify(named.text)} names what nothing binds here: write *` }],
    };
  }
  const rights = { level: document.rights, tapBodies: document.tapBodies ?? false, rule: document.name };
  return { ok: { matcher: matcher.ok, rights } };
}

function rightsOf(grants: readonly Grant[], identity: Identity): Rights {
  return grants.find(({ matcher }) => 'evidence' in matcher.match(identity))?.rights ?? NO_RIGHTS;
}

/** Compiles the rules of one section; the faults have their whole path, names that occur twice included. */
function section<D extends { readonly name: string }, R>(
  key: string,
  documents: readonly D[],
  compile: (document: D) => { readonly ok: R } | { readonly faults: readonly RuleFault[] },
): { readonly ok: readonly R[]; readonly faults: readonly { readonly path: Path; readonly message: string }[] } {
  const ok: R[] = [];
  const faults: RuleFault[] = [];
  const names = new Set<string>();
  for (const [i, document] of documents.entries()) {
    if (names.has(document.name)) faults.push({ path: [key, i, 'name'], message: 'an earlier rule has this name' });
    names.add(document.name);
    const compiled = compile(document);
    if ('ok' in compiled) ok.push(compiled.ok);
    else faults.push(...compiled.faults.map((one) => ({ ...one, path: [key, i, ...one.path] })));
  }
  return { ok, faults };
}
