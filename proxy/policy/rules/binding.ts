import type { Identity } from '../../x509/identity.js';
import { canonicalType, isKnownType } from '../../x509/names/attribute-types.js';
import { quoted, type RuleFault, unknownType } from './conditions.js';
import type { Evidence, Matcher } from './matcher.js';
import type { Captures } from './pattern.js';
import type { Template } from './template.js';

/** The source of the value of a {name}. */
type BindingSource =
  | { readonly t: 'any' }
  | { readonly t: 'serial' }
  | { readonly t: 'fingerprint' }
  | { readonly t: 'subject'; readonly type: string }
  | { readonly t: 'uri'; readonly name: string }
  | { readonly t: 'dns'; readonly name: string };

/** The required value of one {name} in the templates. `text` is the source as the file spells it. */
export interface Binding {
  readonly name: string;
  readonly text: string;
  readonly source: BindingSource;
}

/**
 * Compiles the `bind` of a rule. Each name of the templates must be bound, each binding must be used, and each name in a SAN pattern
 * must serve a binding. So a slip of the pen is a fault and not a hole.
 */
export function compileBindings(
  bind: Readonly<Record<string, string>>,
  templates: readonly Template[],
  matcher: Matcher,
): { readonly ok: readonly Binding[] } | { readonly faults: readonly RuleFault[] } {
  const faults: RuleFault[] = [];
  const names = new Set(templates.flatMap((template) => template.path.names));
  for (const name of names) {
    if (Object.hasOwn(bind, name)) continue;
    faults.push({
      path: ['meetups'],
      message: `names {${name}}, and "bind" does not say what it is: a value such as subject.CN, or any`,
    });
  }
  const bindings = Object.entries(bind).map(([name, text]) => ({ name, text, source: sourceOf(text) }));
  for (const { name, text, source } of bindings) {
    if (!names.has(name)) faults.push({ path: ['bind', name], message: `no template of "meetups" names {${name}}` });
    if (source.t !== 'uri' && source.t !== 'dns') continue;
    const patterns = matcher.patterns[source.t];
    const isEverywhere = patterns.length > 0 && patterns.every((pattern) => pattern.names.includes(source.name));
    if (!isEverywhere)
      faults.push({
        path: ['bind', name],
        message: `${text} needs {${source.name}} in every ${source.t} pattern of "match"`,
      });
  }
  faults.push(...unknownTypes(bindings), ...unusedNames(bindings, matcher));
  return faults.length > 0 ? { faults } : { ok: bindings };
}

function unknownTypes(bindings: readonly Binding[]): readonly RuleFault[] {
  return bindings.flatMap(({ name, text, source }) =>
    source.t === 'subject' && !isKnownType(source.type)
      ? [{ path: ['bind', name], message: unknownType(text.slice('subject.'.length)) }]
      : [],
  );
}

function unusedNames(bindings: readonly Binding[], matcher: Matcher): readonly RuleFault[] {
  const used = new Set(bindings.map((binding) => binding.text));
  return (['uri', 'dns'] as const).flatMap((kind) =>
    [...new Set(matcher.patterns[kind].flatMap((pattern) => pattern.names))]
      .filter((name) => !used.has(`${kind}.${name}`))
      .map((name) => ({
        path: ['match'],
        message: `no binding uses {${name}} of a ${kind} pattern: bind it as ${kind}.${name}, or write *`,
      })),
  );
}

/**
 * The reason why the names of a meetup id break a binding, or undefined when they fit. Names bound to SANs of one kind must all come
 * from the same SAN.
 */
export function unboundReason(
  bindings: readonly Binding[],
  captures: Captures,
  identity: Identity,
  evidence: Evidence,
): string | undefined {
  for (const kind of ['uri', 'dns'] as const) {
    const own = bindings.filter(({ name, source }) => source.t === kind && captures.has(name));
    const isOne = evidence[kind].some((found) => own.every((binding) => isFrom(binding, captures, found)));
    if (own.length > 0 && !isOne) return sentence(own, captures, identity);
  }
  const wrong = bindings.find((binding) => captures.has(binding.name) && !isBound(binding, captures, identity));
  return wrong === undefined ? undefined : sentence([wrong], captures, identity);
}

function sourceOf(text: string): BindingSource {
  const dot = text.indexOf('.');
  const [kind, rest] = dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
  if (kind === 'subject') return { t: kind, type: canonicalType(rest) };
  if (kind === 'uri' || kind === 'dns') return { t: kind, name: rest };
  if (kind === 'serial' || kind === 'fingerprint') return { t: kind };
  return { t: 'any' };
}

function isFrom({ name, source }: Binding, captures: Captures, found: Captures): boolean {
  return 'name' in source && found.get(source.name) === captures.get(name);
}

function isBound({ name, source }: Binding, captures: Captures, identity: Identity): boolean {
  const value = captures.get(name);
  if (source.t === 'serial' || source.t === 'fingerprint') return identity[source.t] === value;
  if (source.t !== 'subject') return true;
  const own = valuesOf(source.type, identity);
  return own.length === 1 && own[0] === value;
}

function valuesOf(type: string, identity: Identity): readonly string[] {
  return identity.fields.filter((field) => field.type === type).map((field) => field.value);
}

function sentence(wrong: readonly Binding[], captures: Captures, identity: Identity): string {
  const parts = wrong.map((binding) => {
    const asked = JSON.stringify(captures.get(binding.name));
    return `{${binding.name}} is ${asked}, not ${binding.text} (${found(binding.source, identity)})`;
  });
  return parts.join(' and ');
}

function found(source: BindingSource, identity: Identity): string {
  switch (source.t) {
    case 'any':
      return 'any';
    case 'uri':
      return quoted(identity.uris);
    case 'dns':
      return quoted(identity.dns);
    case 'serial':
    case 'fingerprint':
      return identity[source.t];
    case 'subject': {
      const own = valuesOf(source.type, identity);
      return own.length > 1 ? `${own.length} values, so none can be told to be the one` : quoted(own);
    }
  }
}
