import { LineCounter, parseDocument, visit } from 'yaml';
import { type Config, flagOf, type OptionKey, type OptionRow, options, variableOf } from './options.js';
import { parseValue, type Value } from './value.js';

/** What is wrong with the configuration, one line each, with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 2;
}

export interface Sources {
  /** Flags by option key, as they were written. */
  readonly flags: Readonly<Partial<Record<string, string>>>;
  readonly environment: Readonly<Partial<Record<string, string>>>;
  /** The YAML file's name and text, where there is one. */
  readonly file?: { readonly name: string; readonly text: string };
}

/** Variables of this prefix that belong to others: the launcher, and what Kubernetes sets for a Service of this name. */
const FOREIGN = /^WS_PROXY_(?:PORT|CONTROL_PORT|RUN_DIR|CONFIG|SERVICE_.*|PORT_.*)$/;
/** Largest configuration file, in characters. */
const MAX_FILE_CHARS = 256 * 1024;

const rows: Readonly<Record<OptionKey, OptionRow>> = options;
const keys = Object.keys(options) as OptionKey[];

/** Flags win over the environment, which wins over the file. Throws ConfigError with every fault found. */
export function loadConfig(sources: Sources): Config {
  const faults: string[] = [];
  const config: Partial<Record<OptionKey, Value>> = {};
  const take = (key: OptionKey, text: string, place: string): void => {
    const parsed = parseValue(rows[key], text);
    if ('fault' in parsed) faults.push(`${place}: ${JSON.stringify(text)} is refused: ${parsed.fault}`);
    else config[key] = parsed.ok;
  };
  for (const key of keys) {
    const preset = rows[key].default;
    if (preset !== undefined) take(key, preset, `default of ${key}`);
  }
  if (sources.file !== undefined) readFile(sources.file.name, sources.file.text, take, faults);
  readEnvironment(sources.environment, take, faults);
  for (const [key, text] of Object.entries(sources.flags)) {
    if (isKey(key) && text !== undefined) take(key, text, `--${flagOf(key)}`);
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return config as Config;
}

type Take = (key: OptionKey, text: string, place: string) => void;

function readEnvironment(environment: Sources['environment'], take: Take, faults: string[]): void {
  const byVariable = new Map(keys.map((key) => [variableOf(key), key]));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('WS_PROXY_') || text === undefined) continue;
    const key = byVariable.get(name);
    if (key !== undefined) take(key, text, `environment variable ${name}`);
    else if (!FOREIGN.test(name))
      faults.push(`environment variable ${name}: there is no such option; see ws-proxy serve --help`);
  }
}

function readFile(name: string, text: string, take: Take, faults: string[]): void {
  if (text.length > MAX_FILE_CHARS) {
    faults.push(`${name}: it is longer than ${MAX_FILE_CHARS} characters`);
    return;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const before = faults.length;
  const refuse = (at: number, why: string): void => {
    const { line, col } = lines.linePos(at);
    faults.push(`${name}:${line}:${col}: ${why}`);
  };
  for (const error of document.errors) refuse(error.pos[0], error.message.split('\n', 1)[0] ?? '');
  visit(document, {
    Alias: (_, alias) => refuse(alias.range?.[0] ?? 0, 'aliases are not read: write the value itself'),
  });
  const root: unknown = faults.length > before ? undefined : document.toJS();
  if (root === undefined || root === null) return;
  if (typeof root !== 'object' || Array.isArray(root)) {
    faults.push(`${name}:1:1: a mapping of options is needed`);
    return;
  }
  const byFlag = new Map(keys.map((key) => [flagOf(key), key]));
  for (const [flag, value] of Object.entries(root)) {
    const place = placeOf(name, document.get(flag, true), lines, flag);
    const key = byFlag.get(flag);
    if (key === undefined) faults.push(`${place}: there is no such option; see ws-proxy serve --help`);
    else if (rows[key].kind === 'list' && isTexts(value)) take(key, value.join(','), place);
    else if (typeof value === 'object' && value !== null) faults.push(`${place}: one value is needed`);
    else take(key, value === null ? '' : String(value), place);
  }
}

function placeOf(name: string, node: unknown, lines: LineCounter, flag: string): string {
  const start = (node as { range?: readonly number[] } | undefined)?.range?.[0];
  if (start === undefined) return `${name}: ${flag}`;
  const { line, col } = lines.linePos(start);
  return `${name}:${line}:${col}: ${flag}`;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isKey(key: string): key is OptionKey {
  return Object.hasOwn(options, key);
}
