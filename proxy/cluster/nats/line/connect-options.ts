import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import {
  type Authenticator,
  credsAuthenticator,
  type NodeConnectionOptions,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { fileFault } from '../../../values/file-fault.js';
import { namesOf } from '../subjects.js';
import type { NatsSettings } from './settings.js';

/** A file of credentials cannot be used. The message names the option and the file, and nothing of what is in it. */
export class NatsFileError extends Error {
  override readonly name = 'NatsFileError';
  readonly exitCode = 2;
}

/** Milliseconds between two pings of the server, and how many may be unanswered: a cut line is noticed within six seconds. */
const PING_INTERVAL_MS = 2_000;
const MAX_PINGS_OUT = 2;
/** Milliseconds between two attempts at the same server, and the most that chance adds. */
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
/** Milliseconds from the dial of one server to its welcome, unless the settings say otherwise. */
const DIAL_MS = 3_000;
/** Largest file of credentials, bytes. */
const MAX_FILE_BYTES = 64 * 1024;

/** The options of the library. Reads every file once, so that a wrong one is told at the start: throws NatsFileError. */
export function connectOptions(settings: NatsSettings): NodeConnectionOptions {
  const { caFile, certFile, keyFile } = settings;
  checkTls(settings);
  const wantsTls = settings.servers.some((server) => server.startsWith('tls:'));
  const tls = {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
  const authenticator = authenticatorOf(settings);
  return {
    servers: [...settings.servers],
    name: settings.name,
    inboxPrefix: namesOf(settings.cluster).inbox,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PINGS_OUT,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    maxReconnectAttempts: -1,
    // A user that is unknown for a moment, as while the server's own configuration changes, is tried again.
    ignoreAuthErrorAbort: true,
    timeout: settings.dialTime ?? DIAL_MS,
    // The system's resolver knows the hosts file and the domains that are searched.
    resolve: false,
    noAsyncTraces: true,
    ...(authenticator === undefined ? {} : { authenticator }),
    ...(wantsTls || Object.keys(tls).length > 0 ? { tls } : {}),
  };
}

function authenticatorOf({ credsFile, userFile }: NatsSettings): Authenticator | undefined {
  if (credsFile !== undefined) {
    const current = freshest(() => credsIn(credsFile));
    return (nonce) => credsAuthenticator(current())(nonce);
  }
  if (userFile === undefined) return undefined;
  const current = freshest(() => userIn(userFile));
  return (nonce) => {
    const { user, password } = current();
    return usernamePasswordAuthenticator(user, password)(nonce);
  };
}

/** Reads a file now, and again each time; while it cannot be read, what it said before goes on counting. */
function freshest<T>(read: () => T): () => T {
  let last = read();
  return () => {
    try {
      last = read();
    } catch {
      // It is being replaced, or was taken away: the server says what it thinks of the old one.
    }
    return last;
  };
}

function credsIn(file: string): Uint8Array {
  const text = readText('nats-creds', file);
  if (!/-{3,}BEGIN NATS USER JWT-{3,}[\s\S]*-{3,}BEGIN USER NKEY SEED-{3,}/.test(text)) {
    throw new NatsFileError(
      `--nats-creds ${file}: no credentials of NATS: name a file as nsc writes it, with a user's JWT and seed`,
    );
  }
  return Buffer.from(text);
}

function userIn(file: string): { readonly user: string; readonly password: string } {
  const [user = '', password = '', ...rest] = readText('nats-user-file', file).trimEnd().split(/\r?\n/);
  if (user === '' || password === '' || rest.length > 0) {
    throw new NatsFileError(`--nats-user-file ${file}: two lines are needed: the user and the password`);
  }
  return { user, password };
}

/** The library reads these files itself, at each connection; here it is told which of them is no good. */
function checkTls({ caFile, certFile, keyFile }: NatsSettings): void {
  for (const [option, file, form, what] of [
    ['nats-ca', caFile, /-BEGIN (?:TRUSTED |X509 )?CERTIFICATE-/, 'certificate'],
    ['nats-cert', certFile, /-BEGIN (?:TRUSTED |X509 )?CERTIFICATE-/, 'certificate'],
    ['nats-key', keyFile, /-BEGIN (?:[A-Z]+ )?PRIVATE KEY-/, 'key'],
  ] as const) {
    if (file === undefined || form.test(readText(option, file))) continue;
    throw new NatsFileError(`--${option} ${file}: no ${what} in it: name a PEM file`);
  }
  if (certFile === undefined || keyFile === undefined) return;
  try {
    createSecureContext({ cert: readText('nats-cert', certFile), key: readText('nats-key', keyFile) });
  } catch {
    throw new NatsFileError(
      `--nats-cert ${certFile}, --nats-key ${keyFile}: they do not belong together, or are broken`,
    );
  }
}

function readText(option: string, file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES) {
      throw new NatsFileError(`--${option} ${file}: it is longer than ${MAX_FILE_BYTES} bytes`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof NatsFileError) throw error;
    throw new NatsFileError(`--${option} ${file}: ${fileFault(error)}`);
  }
}
