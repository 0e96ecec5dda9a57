import { type Config, flagOf, type OptionKey, type OptionRow, options, variableOf } from './options.js';
import { replicaFaults } from './replica-faults.js';
import { parseValue, type Value } from './value.js';
import { readYaml } from './yaml-file.js';

/** The faults of the configuration, one line each, with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 2;
}

export interface Sources {
  /** Flags by option key, with their text as written. */
  readonly flags: Readonly<Partial<Record<string, string>>>;
  readonly environment: Readonly<Partial<Record<string, string>>>;
  /** The YAML file's name and text, if there is a file. */
  readonly file?: { readonly name: string; readonly text: string };
}

/** Variables with our prefix that belong to others: the launcher, and Kubernetes, which sets them for a Service of this name. */
const FOREIGN = /^WS_PROXY_(?:PORT|CONTROL_PORT|RUN_DIR|CONFIG|REPLICAS|SERVICE_.*|PORT_.*)$/;
/** What Kubernetes sets for a Service whose name begins as ours, such as ws-proxy-nats. */
const SERVICE_LINK =
  /^WS_PROXY_\w+_(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
const LINKED_PORT = /^(?:tcp|udp|sctp):\/\//;

const rows: Readonly<Record<OptionKey, OptionRow>> = options;
const keys = Object.keys(options) as OptionKey[];

/** Reads all sources for `serve`. Flags win over the environment, which wins over the file. Throws ConfigError with every fault found. */
export function loadConfig(sources: Sources): Config {
  return loadOptions(sources, replicaFaults);
}

/** Reads options for another command; what does not go together is its own matter. Throws ConfigError. */
export function loadOptions(sources: Sources, check: typeof replicaFaults = () => []): Config {
  const faults: string[] = [];
  const config: Partial<Record<OptionKey, Value>> = {};
  const given = new Set<string>();
  const take = (key: OptionKey, text: string, place: string): void => {
    const parsed = parseValue(rows[key], text);
    if ('fault' in parsed) faults.push(`${place}: ${JSON.stringify(shown(text))} is refused: ${parsed.fault}`);
    else config[key] = parsed.ok;
    given.add(key);
  };
  for (const key of keys) {
    const preset = rows[key].default;
    if (preset !== undefined) take(key, preset, `default of ${key}`);
  }
  given.clear();
  if (sources.file !== undefined) readFile(sources.file.name, sources.file.text, take, faults);
  readEnvironment(sources.environment, take, faults);
  for (const [key, text] of Object.entries(sources.flags)) {
    if (isKey(key) && text !== undefined) take(key, text, `--${flagOf(key)}`);
  }
  faults.push(...check(config));
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  lower(config, given);
  return config as Config;
}

/** A value as a message repeats it: without the user and password that somebody may have written into a URL. */
function shown(text: string): string {
  return text.replace(/\/\/[^/?#\s]*@/g, '//…@');
}

/** Lowers each option that was not given to the option that it may not exceed. */
function lower(config: Partial<Record<OptionKey, Value>>, given: ReadonlySet<string>): void {
  for (const key of keys) {
    const { notAbove = '' } = rows[key];
    const [own, bound] = [config[key], isKey(notAbove) ? config[notAbove] : undefined];
    if (!given.has(key) && typeof own === 'number' && typeof bound === 'number') config[key] = Math.min(own, bound);
  }
}

type Take = (key: OptionKey, text: string, place: string) => void;

function readEnvironment(environment: Sources['environment'], take: Take, faults: string[]): void {
  const byVariable = new Map(keys.map((key) => [variableOf(key), key]));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('WS_PROXY_') || text === undefined) continue;
    const key = byVariable.get(name);
    if (key !== undefined) take(key, text, `environment variable ${name}`);
    else if (!isForeign(name, text))
      faults.push(`environment variable ${name}: there is no such option; see ws-proxy serve --help`);
  }
}

function isForeign(name: string, text: string): boolean {
  return FOREIGN.test(name) || SERVICE_LINK.test(name) || (name.endsWith('_PORT') && LINKED_PORT.test(text));
}

function readFile(name: string, text: string, take: Take, faults: string[]): void {
  const byFlag = new Map(keys.map((key) => [flagOf(key), key]));
  for (const one of readYaml(name, text)) {
    const key = 'flag' in one ? byFlag.get(one.flag) : undefined;
    if ('fault' in one) faults.push(one.fault);
    else if (key === undefined) faults.push(`${one.place}: there is no such option; see ws-proxy serve --help`);
    else if (one.isList && rows[key].kind !== 'list') faults.push(`${one.place}: one value is needed`);
    else take(key, one.text, one.place);
  }
}

function isKey(key: string): key is OptionKey {
  return Object.hasOwn(options, key);
}
