import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { QuickStart } from '../../page/answer.js';
import { certificatesDirOf } from '../values/run-dir.js';

/** A meetup that the development policy allows. */
const MEETUP = 'sub/8675309/00224dd149bb';
const DEFAULT_PORT = '5050';
const API_PORT = 8080;
const BRIDGE_PORT = 5001;

/**
 * Makes the commands for a first pair and a first call with the development certificates of `npm start`; undefined where there are
 * no such certificates. `WS_PROXY_RUN_DIR` and `WS_PROXY_PORT` are read as `npm start` reads them.
 */
export function quickStartIn(
  env: Readonly<Partial<Record<string, string>>>,
  cwd: string,
  pathPrefix: string,
): QuickStart | undefined {
  const certs = resolve(cwd, certificatesDirOf(env));
  if (!existsSync(join(certs, 'gateway.pkeycert.pem'))) return undefined;
  const near = relative(cwd, certs);
  const shown = near.startsWith('..') ? certs : near;
  const port = Number(env['WS_PROXY_PORT']) || DEFAULT_PORT;
  const url = `wss://localhost:${port}${pathPrefix}${MEETUP}`;
  const peer = (role: string, certificate: string, rest: string): string =>
    [
      `npx ws-proxy peer ${role} --url ${quoted(url)}`,
      `  --cert ${quoted(`${shown}/${certificate}.pkeycert.pem`)} --ca ${quoted(`${shown}/root.cert.pem`)} ${rest}`,
    ].join(' \\\n');
  return {
    api: `python3 -m http.server ${API_PORT}`,
    gateway: peer('gateway', 'gateway', `--upstream http://localhost:${API_PORT}`),
    bridge: peer('bridge', 'manager', `--listen ${BRIDGE_PORT}`),
    call: `curl -i http://localhost:${BRIDGE_PORT}/`,
  };
}

/** Quotes a text for a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
