import { type Stats, statSync } from 'node:fs';
import { parseListen } from '../../proxy/door/listen-address.js';
import { fault, type Judgement, notChecked, ok, worst } from '../finding.js';
import type { Host } from '../look/host.js';

/** Are the service's sockets there, and closed to others? Who can open one can claim any identity. */
export async function checkSockets({ plan: { config } }: Host): Promise<Judgement> {
  if ('fault' in config) return notChecked('the options cannot be read: see configuration');
  const paths = [config.listen, config.controlListen, config.hopListen].flatMap((text) => {
    const parsed = text === undefined ? undefined : parseListen(text);
    return parsed !== undefined && 'ok' in parsed && parsed.ok.t === 'unix' ? [parsed.ok.path] : [];
  });
  const [first, ...more] = paths.map((path) => judgeSocket(path, statSync(path, { throwIfNoEntry: false })));
  if (first === undefined) return notChecked('the service listens on no unix socket');
  return worst(first, ...more);
}

export function judgeSocket(path: string, stats: Pick<Stats, 'mode' | 'isSocket'> | undefined): Judgement {
  if (stats === undefined || !stats.isSocket()) {
    const todo = 'start the service; where it runs, compare --listen with --service-socket of envoy render';
    return fault(`there is no socket at ${path}`, 'Envoy reaches no service: peers are told unavailable', todo);
  }
  const mode = stats.mode & 0o777;
  if ((mode & 0o077) === 0) return ok('the sockets are there, and closed to other users');
  const why = 'who can open it can claim any identity';
  return fault(`${path} has mode ${mode.toString(8)}`, why, `chmod 600 ${path}; then see who changed it`);
}
