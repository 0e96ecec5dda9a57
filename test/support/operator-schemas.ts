import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Resource } from './helm.js';
import { filesBelow, ROOT } from './sources.js';
import { documentOf } from './yaml-files.js';

type Schema = Record<string, unknown>;

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** Where `npm run verify` puts the definitions that operators bring with them. */
const FOLDER = '.tools/crds';

/** What their numbers and texts are called; they say no more of them. */
const formats = { int32: true, int64: true, byte: true, date: true, 'date-time': true } as const;

/** Go writes flags into a pattern. */
const goRegExp = Object.assign(
  (pattern: string, flags: string) =>
    new RegExp(pattern.replace('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags),
  { code: 'new RegExp' },
);

/** Mocha hook: skips the suite where they could not be fetched; `npm run verify` has said so then. */
export function needsOperatorSchemas(): void {
  before(function () {
    if (!existsSync(join(ROOT, FOLDER))) this.skip();
  });
}

/** What is wrong with resources of kinds that operators define, by the definitions of these; a kind without one is a fault. */
export function operatorFaults(resources: readonly Resource[]): string[] {
  const checks = definitions();
  return resources.flatMap((resource) => {
    const check = checks.get(`${resource.apiVersion} ${resource.kind}`)?.();
    const name = `${resource.kind} ${resource.metadata.name}`;
    if (check === undefined) return [`${name}: nobody defines it in ${resource.apiVersion}`];
    check(resource);
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${name}${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  });
}

let known: ReadonlyMap<string, () => ValidateFunction> | undefined;

/** The check of each kind, by version and name; made when it is asked for first, since some are large. */
function definitions(): ReadonlyMap<string, () => ValidateFunction> {
  if (known !== undefined) return known;
  const ajv = new Ajv({ strict: false, allErrors: true, formats, code: { regExp: goRegExp } });
  const served = filesBelow(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((path) => documentOf<Definition>(path).spec)
    .flatMap(({ group, names, versions }) =>
      versions
        .filter((version) => version.served)
        .map(({ name, schema }) => {
          let check: ValidateFunction | undefined;
          const make = (): ValidateFunction => {
            check ??= ajv.compile(closed(schema.openAPIV3Schema, true));
            return check;
          };
          return [`${group}/${name} ${names.kind}`, make] as const;
        }),
    );
  known = new Map(served);
  return known;
}

/** The schema, with no room for fields that it does not name: the API server would drop them without a word. */
function closed(schema: Schema, isTop = false): Schema {
  const copy: Schema = { ...schema };
  if (isMap(copy['properties'])) {
    copy['properties'] = Object.fromEntries(
      Object.entries(copy['properties']).map(([key, below]) => [key, closed(below as Schema)]),
    );
    const isOpen = copy['additionalProperties'] !== undefined || copy['x-kubernetes-preserve-unknown-fields'] === true;
    if (!isOpen) copy['additionalProperties'] = false;
  }
  if (isMap(copy['items'])) copy['items'] = closed(copy['items']);
  if (isMap(copy['additionalProperties'])) copy['additionalProperties'] = closed(copy['additionalProperties']);
  if (copy['nullable'] === true && typeof copy['type'] === 'string') copy['type'] = [copy['type'], 'null'];
  // `anyOf` of an int-or-string stands beside no type; those of an object repeat no property.
  return isTop ? { ...copy, required: ['apiVersion', 'kind', 'metadata', 'spec'] } : copy;
}

function isMap(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
