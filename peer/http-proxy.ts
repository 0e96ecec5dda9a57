import { BlockList, isIP } from 'node:net';
import type { HttpProxy } from '../proxy/transport/dial/dial.js';

/** A setting of the environment that cannot be used. The message names the variable, never its value: that may hold a password. */
export class HttpProxyError extends Error {
  override readonly name = 'HttpProxyError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables in the order in which curl reads them; an empty variable counts as not set. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const;

/**
 * The HTTP proxy that the environment names for `url`, a `wss:` one: `HTTPS_PROXY`, else `ALL_PROXY`, unless `NO_PROXY` names the host.
 * The variables mean the same as to curl, which a user tries first: loopback is no exception.
 *
 * @throws HttpProxyError
 */
export function httpProxyFor(url: string, environment: Environment): HttpProxy | undefined {
  const setting = VARIABLES.find((name) => environment[name] !== undefined && environment[name] !== '');
  if (setting === undefined) return undefined;
  const { hostname, port } = new URL(url);
  const except = environment['no_proxy'] || environment['NO_PROXY'] || '';
  if (isExcepted(bare(hostname), port === '' ? '443' : port, except)) return undefined;
  return parsed(environment[setting] ?? '', setting);
}

function parsed(value: string, setting: string): HttpProxy {
  const text = value.includes('://') ? value : `http://${value}`;
  const wrong = (what: string): HttpProxyError =>
    new HttpProxyError(`${setting}: ${what}; NO_PROXY names the hosts that are dialled directly`);
  if (!URL.canParse(text)) throw wrong('not a URL such as http://HOST:PORT');
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw wrong(`a proxy of kind ${protocol.slice(0, -1)} is not spoken here, only http:// and https://`);
  }
  const secure = protocol === 'https:';
  const base = { host: bare(hostname), port: Number(port) || (secure ? 443 : 80), secure, setting };
  if (username === '' && password === '') return base;
  try {
    return { ...base, credentials: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` };
  } catch {
    throw wrong('the user or password has a % that escapes nothing; write %25');
  }
}

/**
 * Whether `NO_PROXY` names the host: entries between commas or spaces, each `*` (all), a name (it and all below it, a leading `.` or
 * `*.` or not), an address, a network such as `10.0.0.0/8`; `:PORT` behind a name or address narrows it. Any other entry names nothing.
 */
function isExcepted(host: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || isNamed(host, port, entry));
}

function isNamed(host: string, port: string, entry: string): boolean {
  const [, network, prefix] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (network !== undefined) return isWithin(host, bare(network), Number(prefix));
  const [, name = '', only] = isIP(entry) === 6 ? [entry, entry] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
  if (only !== undefined && Number(only) !== Number(port)) return false;
  const named = bare(name);
  if (isIP(host) !== 0 || isIP(named) !== 0) return isWithin(host, named, isIP(named) === 6 ? 128 : 32);
  const domain = named
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const asked = host.replace(/\.$/, '').toLowerCase();
  return domain !== '' && (asked === domain || asked.endsWith(`.${domain}`));
}

function isWithin(host: string, network: string, prefix: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) === 0 || prefix > (family === 6 ? 128 : 32)) return false;
  const block = new BlockList();
  block.addSubnet(network, prefix, family === 6 ? 'ipv6' : 'ipv4');
  return block.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** A host as a socket takes it: an IPv6 address without its brackets. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
