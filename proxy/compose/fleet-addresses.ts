import { resolve } from 'node:path';
import { ConfigError } from '../config/load.js';
import type { Config } from '../config/options.js';
import { type ListenAddress, parseListen } from '../door/listen-address.js';

/** Where the other replicas hand peers on. Throws ConfigError. */
export function hopAddress({ hopListen = '' }: Config): ListenAddress {
  const address = parseListen(hopListen);
  if ('fault' in address) throw new ConfigError(`--hop-listen ${hopListen}: ${address.fault}`);
  return address.ok;
}

/** The hop address as the others dial it. Throws ConfigError. */
export function advertised({ hopListen = '', advertise = hopListen }: Config, listens: ListenAddress): string {
  const address = parseListen(advertise);
  if ('fault' in address) throw new ConfigError(`--advertise ${advertise}: ${address.fault}`);
  const { ok } = address;
  if (ok.t !== listens.t) throw new ConfigError(`--advertise ${advertise}: it is of another kind than --hop-listen`);
  if (ok.t === 'unix') return `unix:${resolve(ok.path)}`;
  if (!WILDCARDS.includes(ok.host)) return advertise;
  throw new ConfigError(
    `--advertise ${advertise}: nobody can dial it: name the address by which the others reach this replica`,
  );
}

const WILDCARDS = ['0.0.0.0', '::', '*'];

/** Where the control API of this replica listens; undefined where there is none. Throws ConfigError. */
export function controlAddress({ controlListen }: Config): ListenAddress | undefined {
  if (controlListen === undefined) return undefined;
  const address = parseListen(controlListen);
  if ('fault' in address) throw new ConfigError(`--control-listen ${controlListen}: ${address.fault}`);
  return address.ok;
}

/** Where the others reach the control API: its own socket on one machine, the hop listener beyond it; empty where there is no such way. */
export function controlOf(control: ListenAddress | undefined, hop: string, isTls: boolean): string {
  if (control === undefined) return '';
  if (isTls) return hop;
  return control.t === 'unix' ? `unix:${resolve(control.path)}` : '';
}
