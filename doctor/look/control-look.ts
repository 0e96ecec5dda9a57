import { connected } from '../../admin/connection.js';
import { AdminFailure, EXIT } from '../../admin/exit-codes.js';
import type { GetServerInfoResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { Door } from './door.js';

/** The control API's account of itself, or the reason why there is none. */
export type ControlLook =
  | { readonly t: 'told'; readonly answer: GetServerInfoResponse__Output }
  /** `denied`: who answered does not let this certificate in. */
  | { readonly t: 'untold'; readonly text: string; readonly denied: boolean };

const looks = new WeakMap<Door, Promise<ControlLook>>();

/** Asks once, over gRPC as the control commands do. */
export function controlLook(door: Door): Promise<ControlLook> {
  const look = looks.get(door) ?? askInfo(door);
  looks.set(door, look);
  return look;
}

async function askInfo({ plan }: Door): Promise<ControlLook> {
  const { host, port, files, servername, timeout, environment } = plan;
  const server = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const named = servername === host ? {} : { servername };
  const { cert, key, ca } = files;
  const flags = { server, cert, ca, timeout, ...named, ...(key === undefined ? {} : { key }) };
  try {
    const answer = await connected(flags, environment, ({ client, ask }) =>
      ask<GetServerInfoResponse__Output>((metadata, options, done) =>
        client.getServerInfo({}, metadata, options, done),
      ),
    );
    return { t: 'told', answer };
  } catch (error) {
    const denied = error instanceof AdminFailure && error.exitCode === EXIT.denied;
    return { t: 'untold', text: (error as Error).message.split('\n').join('; '), denied };
  }
}
