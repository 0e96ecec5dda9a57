import type { Identity } from '../../x509/identity.js';
import type { RuleFault } from './conditions.js';
import { compileMatcher, type Matcher } from './matcher.js';
import { NO_RIGHTS, type Rights } from './rights.js';
import { compileRule } from './rule.js';
import { type CompiledPolicy, ruling } from './ruling.js';
import { type ControlRuleDocument, MAX_POLICY_BYTES, type PolicyDocument, policyDocument } from './schema.js';
import { atOnce } from './slices.js';
import { type DocumentReading, type Fault, MAX_FAULTS, type Path, readYaml } from './yaml-document.js';

export type PolicyReading = { readonly ok: CompiledPolicy } | { readonly faults: readonly Fault[] };

/** Reads the text of a policy file and makes it ready to be asked. Every fault has its place. Throws nothing. */
export function compilePolicy(text: string): PolicyReading {
  const read = readText(text);
  return 'faults' in read ? read : compiledOf(read);
}

function compiledOf(read: Extract<DocumentReading<PolicyDocument>, { ok: unknown }>): PolicyReading {
  const compiled = atOnce(compileDocument(read.ok));
  if ('ok' in compiled) return compiled;
  return { faults: compiled.faults.slice(0, MAX_FAULTS).map(({ path, message }) => read.fault(path, message)) };
}

/** Reads and checks a policy as `compilePolicy` does, and returns its document as JSON, for `compileJson`. Throws nothing. */
export function policyJson(text: string): { readonly ok: string } | { readonly faults: readonly Fault[] } {
  const read = readText(text);
  if ('faults' in read) return read;
  const compiled = compiledOf(read);
  return 'ok' in compiled ? { ok: JSON.stringify(read.ok) } : compiled;
}

/** Compiles the JSON that `policyJson` returned, in steps. */
export function* compileJson(json: string): Generator<void, CompiledPolicy> {
  const compiled = yield* compileDocument(JSON.parse(json) as PolicyDocument);
  if ('ok' in compiled) return compiled.ok;
  throw new Error(`a policy that was checked has a fault: ${compiled.faults[0]?.message}`);
}

function readText(text: string): DocumentReading<PolicyDocument> {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    return { faults: [{ line: 1, column: 1, message: `the file is larger than ${MAX_POLICY_BYTES} bytes` }] };
  }
  return readYaml(text, policyDocument);
}

type Compilation<T> = { readonly ok: T } | { readonly faults: readonly PlacedFault[] };
interface PlacedFault {
  readonly path: Path;
  readonly message: string;
}

function* compileDocument(document: PolicyDocument): Generator<void, Compilation<CompiledPolicy>> {
  const { mode = 'enforce', rules, control = [] } = document;
  const compiledRules = yield* section('rules', rules, compileRule);
  const grants = yield* section('control', control, compileGrant);
  const faults = [...compiledRules.faults, ...grants.faults];
  if (faults.length > 0) return { faults };
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

/** Compiles the rules of one section. Faults have their whole path; a name that occurs twice is a fault too. */
function* section<D extends { readonly name: string }, R>(
  key: string,
  documents: readonly D[],
  compile: (document: D) => { readonly ok: R } | { readonly faults: readonly RuleFault[] },
): Generator<void, { readonly ok: readonly R[]; readonly faults: readonly PlacedFault[] }> {
  const ok: R[] = [];
  const faults: RuleFault[] = [];
  const names = new Set<string>();
  for (const [i, document] of documents.entries()) {
    yield;
    if (names.has(document.name)) faults.push({ path: [key, i, 'name'], message: 'an earlier rule has this name' });
    names.add(document.name);
    const compiled = compile(document);
    if ('ok' in compiled) ok.push(compiled.ok);
    else faults.push(...compiled.faults.map((one) => ({ ...one, path: [key, i, ...one.path] })));
  }
  return { ok, faults };
}
