import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { makeFolder } from '../../certs/folder.js';
import { startPart } from '../part.js';
import { waitFor } from '../wait.js';
import { type FleetPart, READY_MS } from './fleet-part.js';

export interface NatsPlan {
  readonly binary: string;
  readonly runDir: string;
  readonly logDir: string;
  readonly port: number;
}

/** What replicas are told of it. */
export interface NatsAccess {
  readonly url: string;
  /** File of two lines: user and password. Everybody on this machine reaches the port. */
  readonly userFile: string;
}

const USER = 'ws-proxy';
/** Milliseconds that it has to put its tables on the disk. */
const STOP_MS = 5_000;
/** Milliseconds for the greeting of a server that accepts. */
const GREETING_MS = 1_000;
const CONFIG = 'nats.conf';

/** Writes the configuration of a server with JetStream on loopback, whose store lasts from run to run. */
export async function prepareNats({ runDir, port }: NatsPlan): Promise<NatsAccess> {
  const dir = join(runDir, 'nats');
  await makeFolder(dir, 0o700);
  const userFile = join(dir, 'user');
  const password = (await passwordIn(userFile)) ?? randomBytes(24).toString('base64url');
  await writeFile(userFile, `${USER}\n${password}\n`, { mode: 0o600 });
  const config = [
    '# Written by npm start and npm run start:fleet.',
    'server_name: ws-proxy',
    `listen: "127.0.0.1:${port}"`,
    'ping_interval: "2s"',
    'ping_max: 2',
    `jetstream { store_dir: ${JSON.stringify(join(dir, 'store'))}, max_memory_store: 64MiB, max_file_store: 1GiB }`,
    `authorization { users: [{ user: "${USER}", password: "${password}" }] }`,
  ];
  await writeFile(join(dir, CONFIG), `${config.join('\n')}\n`, { mode: 0o600 });
  return { url: `nats://127.0.0.1:${port}`, userFile };
}

async function passwordIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^ws-proxy\n([\w-]{20,})\n/.exec(text)?.[1];
}

export function natsPart({ binary, runDir, logDir, port }: NatsPlan): FleetPart {
  const log = join(logDir, 'nats.log');
  return {
    name: 'nats',
    port,
    stopMs: STOP_MS,
    log,
    // The file with the password is this user's alone.
    isTold: (line) => /\[(WRN|ERR|FTL)\]/.test(line) && !line.includes('Plaintext passwords'),
    start: (isAnew) =>
      startPart({
        ...{ name: 'nats', command: binary, args: ['-c', join(runDir, 'nats', CONFIG)] },
        ...{ stdout: log, stderr: log, isAnew },
      }),
    async ready(signal) {
      await waitFor('NATS did not open its port', READY_MS, signal, async () => (await greets(port)) || undefined);
    },
  };
}

/** True when a server says there who it is, with JetStream. It accepts before its store is open, but greets after. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    const answer = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(GREETING_MS, () => answer(false));
    socket.on('error', () => answer(false)).on('close', () => answer(false));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\r\n')) answer(text.startsWith('INFO ') && text.includes('"jetstream":true'));
    });
  });
}
