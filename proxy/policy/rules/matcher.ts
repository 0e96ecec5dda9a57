import type { Identity } from '../../x509/identity.js';
import { isKnownType } from '../../x509/names/attribute-types.js';
import {
  type Condition,
  fieldCondition,
  hexCondition,
  nameCondition,
  quoted,
  type RuleFault,
  unknownType,
} from './conditions.js';
import { type Captures, compilePattern, matchPattern, type Pattern } from './pattern.js';
import type { MatchDocument } from './schema.js';

/** The values that the SANs of a fitting certificate gave to the names in the patterns. */
export interface Evidence {
  readonly uri: readonly Captures[];
  readonly dns: readonly Captures[];
}

/** The reason why a certificate does not fit: `met` conditions held before the one that did not. The text is made only on demand. */
export interface Miss {
  readonly met: number;
  readonly describe: (identity: Identity) => string;
}

/** Decides whether a rule is for a certificate. */
export interface Matcher {
  /** The SAN patterns, for bindings to the names in them. */
  readonly patterns: Readonly<Record<'uri' | 'dns', readonly Pattern[]>>;
  /** The keys of each condition that asks for exact values; the certificate must have one key of each. */
  readonly exact: readonly (readonly string[])[];
  match(identity: Identity): { readonly evidence: Evidence } | { readonly miss: Miss };
}

/**
 * Compiles the `match` of a rule. A rule that denies is `lenient`: its SPIFFE pattern also fits a certificate with several URI SANs,
 * because denying grants nothing (SPIFFE X509-SVID §2: exactly one).
 */
export function compileMatcher(
  match: MatchDocument,
  lenient: boolean,
): { readonly ok: Matcher } | { readonly faults: readonly RuleFault[] } {
  const nothing: Evidence = { uri: [], dns: [] };
  if (match === 'any') {
    return { ok: { patterns: { uri: [], dns: [] }, exact: [], match: () => ({ evidence: nothing }) } };
  }
  const faults: RuleFault[] = [];
  const conditions = conditionsOf(match, faults);
  const uri = patternsOf('uris', list(match.uris), faults);
  const dns = patternsOf('dns', list(match.dns), faults);
  if (faults.length > 0) return { faults };

  const met = conditions.length;
  const noUri: Miss = { met, describe: ({ uris }) => `the URI SAN is ${quoted(uris)}, not ${texts(uri)}` };
  const noDns: Miss = { met, describe: (identity) => `the DNS SAN is ${quoted(identity.dns)}, not ${texts(dns)}` };
  return {
    ok: {
      patterns: { uri, dns },
      exact: conditions.flatMap(({ keys }) => (keys === undefined ? [] : [keys])),
      match(identity) {
        for (const [before, condition] of conditions.entries()) {
          if (!condition.holds(identity)) return { miss: { met: before, describe: condition.describe } };
        }
        const evidence = {
          uri: uri.flatMap((pattern) => urisFitting(pattern, identity.uris, lenient)),
          dns: dns.flatMap((pattern) =>
            identity.dns.flatMap((name) => matchPattern(pattern, name.toLowerCase()) ?? []),
          ),
        };
        if (uri.length > 0 && evidence.uri.length === 0) return { miss: noUri };
        if (dns.length > 0 && evidence.dns.length === 0) return { miss: noDns };
        return { evidence };
      },
    },
  };
}

/** Makes a list of a value that may be written alone or as a list. */
export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function conditionsOf(match: Exclude<MatchDocument, 'any'>, faults: RuleFault[]): readonly Condition[] {
  const { subject, issuer, fingerprints, serials } = match;
  const conditions: Condition[] = [];
  if (typeof subject === 'string') conditions.push(nameCondition('subject', [subject], faults));
  else {
    for (const [type, value] of Object.entries(subject ?? {})) {
      conditions.push(fieldCondition(type, list(value)));
      if (!isKnownType(type)) faults.push({ path: ['subject', type], message: unknownType(type) });
    }
  }
  if (issuer !== undefined) conditions.push(nameCondition('issuer', list(issuer), faults));
  if (fingerprints !== undefined) conditions.push(hexCondition('fingerprint', list(fingerprints)));
  if (serials !== undefined) conditions.push(hexCondition('serial', list(serials)));
  if (serials !== undefined && issuer === undefined) {
    faults.push({
      path: ['serials'],
      message: 'needs "issuer" beside it: a serial number is unique to its issuer only',
    });
  }
  return conditions;
}

function patternsOf(key: 'uris' | 'dns', wanted: readonly string[], faults: RuleFault[]): readonly Pattern[] {
  return wanted.flatMap((text) => {
    const compiled = key === 'uris' ? compilePattern(text, '/') : compilePattern(text.toLowerCase(), '.');
    const fault = 'fault' in compiled ? compiled.fault : key === 'uris' ? authorityFault(compiled.ok) : undefined;
    if (fault !== undefined) faults.push({ path: [key], message: `${JSON.stringify(text)} ${fault}` });
    return 'ok' in compiled ? [compiled.ok] : [];
  });
}

/**
 * The fault of a URI pattern whose scheme or authority (in SPIFFE: the trust domain) is not literal: a client that could choose them
 * could choose who to be.
 */
function authorityFault({ text, segments: [scheme, , authority] }: Pattern): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return 'does not start with a scheme, such as spiffe: or urn:';
  if (!text.includes('://')) return undefined;
  const isLiteral = scheme?.t === 'text' && authority?.t === 'text' && authority.text !== '';
  return isLiteral ? undefined : 'has no literal authority behind its "://"';
}

function urisFitting(pattern: Pattern, uris: readonly string[], lenient: boolean): readonly Captures[] {
  const isAmbiguous = uris.length !== 1 && pattern.text.startsWith('spiffe:');
  if (isAmbiguous && !lenient) return [];
  return uris.flatMap((uri) => matchPattern(pattern, uri) ?? []);
}

function texts(patterns: readonly Pattern[]): string {
  return quoted(patterns.map((pattern) => pattern.text));
}
