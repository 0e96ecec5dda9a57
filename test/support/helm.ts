import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT, textOf } from './sources.js';
import { tell } from './tools.js';
import { documentOf } from './yaml-files.js';

/** The chart's folder in the project. */
export const CHART = 'deploy/helm/ws-proxy';
const SCRIPT = join(ROOT, 'test/support/helm.py');

export type Values = Readonly<Record<string, unknown>>;

/** A resource of Kubernetes. What a test reads of it, it says itself. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

type Answer = { readonly manifests: Readonly<Record<string, string>> } | { readonly refusal: string };

/** Mocha hook: skips the suite where the checkers are not installed. */
export function needsHelm(): void {
  before(function () {
    const folders = (process.env['PYTHONPATH'] ?? '').split(delimiter);
    if (!folders.some((folder) => existsSync(join(folder, 'helm_python')))) this.skip();
  });
}

/** The values of files in `ci/`, by their names, the later over the earlier, as `helm -f` lays them. */
export function valuesOf(...names: readonly string[]): Values {
  return names.map((name) => documentOf<Values>(`${CHART}/ci/${name}-values.yaml`)).reduce(laidOver, {});
}

export function laidOver(below: Values, above: Values): Values {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isMap(old) && isMap(value) ? laidOver(old, value) : value;
  }
  return merged;
}

/** The resources that Helm makes of the chart, a folder or an archive; throws what it says when it refuses the values. */
export async function rendered(values: Values, release = 'ws-proxy', path = CHART): Promise<Resource[]> {
  const answer = await ask({ chart: path, values, release, namespace: 'ws-proxy' });
  if ('refusal' in answer) throw new Error(answer.refusal);
  return Object.entries(answer.manifests)
    .filter(([name]) => name.endsWith('.yaml'))
    .flatMap(([, text]) => resourcesIn(text));
}

/** What Helm says of values that it refuses; throws where it takes them. */
export async function refusalOf(values: Values): Promise<string> {
  const answer = await ask({ chart: CHART, values, release: 'ws-proxy', namespace: 'ws-proxy' });
  if ('manifests' in answer) throw new Error('Helm takes these values');
  return answer.refusal;
}

/** What `helm lint` says of the chart. */
export async function lint(): Promise<{
  readonly messages: readonly { readonly error: string }[];
  readonly errors: readonly string[];
}> {
  return JSON.parse(await python({ chart: CHART, lint: true })) as never;
}

/** The resources of a stream of YAML documents; throws on the first fault. */
export function resourcesIn(text: string): Resource[] {
  // The version that Helm and the API server read, in which 0440 is octal.
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw new Error(fault.message);
    const value = document.toJS() as Resource | null;
    return value === null ? [] : [value];
  });
}

/** The only resource of a kind with a name; throws where there is none. */
export function find(resources: readonly Resource[], kind: string, name: string): Resource {
  const found = resources.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

/** The chart's own values, and its version. */
export const chart = {
  values: () => documentOf<Values>(`${CHART}/values.yaml`),
  schema: () => JSON.parse(textOf(`${CHART}/values.schema.json`)) as Values,
};

async function ask(request: Values): Promise<Answer> {
  return JSON.parse(await python(request)) as Answer;
}

async function python(request: Values): Promise<string> {
  const input = JSON.stringify(request);
  const { code, output } = await tell(process.env['PYTHON'] ?? 'python3', [SCRIPT], { cwd: ROOT, input });
  if (code !== 0) throw new Error(output);
  return output;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
