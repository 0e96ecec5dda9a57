import { fault, type Judgement, notChecked, ok } from '../finding.js';
import { type Door, isAddress } from '../look/door.js';
import type { Failed } from '../look/way.js';

/** Is the name of the host known? */
export async function checkName(door: Door): Promise<Judgement> {
  const { host, via } = door.plan;
  if (isAddress(host)) return notChecked(`${host} is an address: there is no name to look up`);
  if (via !== undefined) return notChecked(`the HTTP proxy (${via.setting}) looks ${host} up, not this machine`);
  return judgeName(host, await door.addresses());
}

export function judgeName(host: string, found: readonly string[] | Failed): Judgement {
  if (!('t' in found)) return ok(`${host} is ${[...new Set(found)].join(', ')}`);
  const todo = `look at the URL's host; ask the name server yourself: getent hosts ${host}`;
  return fault(`${host} is no name that this machine can look up: ${found.text}`, 'nothing can be dialled', todo);
}
