import { hostname } from 'node:os';
import { nameOf } from '../proxy/transport/dial/tunnel.js';
import { safe } from '../proxy/wire/safe-text.js';
import { publishedKeyFaultIn } from '../proxy/x509/published-keys.js';
import { Bridge, type BridgeOptions } from './bridge.js';
import { PeerConnection } from './connection.js';
import { watchCredentials } from './credential-watch.js';
import { CredentialsError, readCredentials } from './credentials.js';
import { gateway } from './gateway.js';
import { HttpProxyError, httpProxyFor } from './http-proxy.js';
import { interact } from './interactive.js';
import { defaultLimits, type PeerLimits } from './limits.js';
import { bridgeClaims, type Claims } from './outgoing.js';
import { type Output, reporter } from './report.js';
import { type Handler, servesNothing } from './responder.js';
import { type UpstreamAddress, upstreamText } from './upstream-address.js';
import { watchedCa } from './upstream-ca.js';

/** Flags that every command of a peer has, read. */
export interface ConnectionFlags {
  readonly url: string;
  readonly cert: string;
  readonly key?: string;
  readonly ca: string;
  readonly servername?: string;
  readonly peerClass?: string;
  readonly peerId?: string;
  /** Bytes. */
  readonly maxMessage: number;
}

/** Flags of a command with an HTTP side. Milliseconds and bytes. */
export interface HttpFlags {
  readonly timeout: number;
  readonly maxBody: number;
}

export interface ListenFlags extends HttpFlags {
  readonly listen: { readonly host: string; readonly port: number };
  readonly maxInFlight: number;
  /** Milliseconds. */
  readonly hold: number;
  readonly maxHeld: number;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly traceRatio?: number;
}

export interface UpstreamFlags extends HttpFlags {
  readonly upstream: UpstreamAddress;
  readonly upstreamCa?: string;
  readonly concurrency: number;
}

/** Where the commands of a peer write. */
export const output: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`peer: ${safe(line)}\n`),
};

/** `ws-proxy peer bridge`: runs until a signal. Rejects when the address cannot be listened on. */
export async function runBridge(flags: ConnectionFlags & ListenFlags): Promise<void> {
  const claims = { ...claimsOf(flags, 'bridge'), ...bridgeClaims(flags.hold) };
  const peer = connection(flags, claims, servesNothing, { inFlight: flags.maxInFlight });
  const bridge = new Bridge(peer, bridgeOptions(flags));
  const address = await listening(bridge, flags);
  output.tell(`listening on ${address}`);
  await running(peer, flags, claims, `http=${address}`);
  await bridge.close();
  await peer.stop();
}

/** `ws-proxy peer gateway`: runs until a signal. Throws CredentialsError where a file is bad. */
export async function runGateway(flags: ConnectionFlags & UpstreamFlags): Promise<void> {
  const { upstream, upstreamCa, timeout, maxBody, concurrency } = flags;
  const { url, socketPath } = upstream;
  const ca = upstreamCa === undefined ? undefined : understood(() => watchedCa(upstreamCa, output.tell));
  const where = { upstream: url, socketPath, upstreamCa: ca?.current };
  const api = gateway({ ...where, timeout, maxBody, maxConnections: concurrency });
  const claims = { ...claimsOf(flags, 'gateway'), asks: false, answers: true, concurrency };
  const peer = connection(flags, claims, api.handler, { concurrent: concurrency });
  await running(peer, flags, claims, `upstream=${upstreamText(upstream)}`);
  await peer.stop();
  api.close();
  ca?.stop();
}

/** `ws-proxy peer interactive`: runs until a signal, or until a person ends the input. */
export async function runInteractive(flags: ConnectionFlags & Partial<ListenFlags> & HttpFlags): Promise<void> {
  const { listen, maxInFlight = defaultLimits.inFlight } = flags;
  // The person at the terminal may ask and answer.
  const claims = claimsOf(flags, 'interactive');
  const peer = connection(flags, claims, undefined, { inFlight: maxInFlight });
  // A person sees what happens, and what they type is sent at once or not at all.
  const http = { ...flags, maxInFlight, hold: 0, maxHeld: 0 };
  const bridge = listen && new Bridge(peer, bridgeOptions({ ...http, listen }));
  const address = bridge && listen && (await listening(bridge, { listen }));
  const over = new AbortController();
  const typed = interact(peer, { input: process.stdin, ...terminal }, over.signal);
  // Without a person the end of the input means nothing: the input may be /dev/null from the start.
  const ended = process.stdin.isTTY ? typed : new Promise<void>(() => {});
  await running(peer, flags, claims, address === undefined ? '' : `http=${address}`, ended);
  over.abort();
  process.stdin.destroy();
  await bridge?.close();
  await peer.stop();
}

const terminal = { print: output.print, complain: output.tell, pretty: process.stdout.isTTY === true };

/** The claims of a command, as the flags have them. */
export function claimsOf({ peerClass, peerId }: ConnectionFlags, command: string): Claims {
  return { peerClass: peerClass ?? `ws-proxy-peer-${command}`, peerId: peerId ?? `${hostname()} ${process.pid}` };
}

/** The connection that the flags describe, not started. Throws CredentialsError and HttpProxyError. */
function connection(
  flags: ConnectionFlags,
  claims: Claims,
  handler: Handler | undefined,
  limits: Partial<PeerLimits>,
): PeerConnection {
  return connections(flags, claims, handler, limits)(flags.url);
}

/** The maker of connections as the flags describe them, whatever the meetup. Looks at the files once. Throws CredentialsError and HttpProxyError. */
export function connections(
  flags: ConnectionFlags,
  claims: Claims,
  handler: Handler | undefined,
  limits: Partial<PeerLimits>,
): (url: string) => PeerConnection {
  const { cert, key, ca, servername, maxMessage } = flags;
  const credentials = () => readCredentials({ cert, key, ca });
  // A file that is wrong at the start is the user's mistake; later it is a reason to try again.
  const first = understood(credentials);
  for (const [file, pem] of [
    [ca, first.ca],
    [cert, first.cert],
  ] as const) {
    const published = publishedKeyFaultIn(pem);
    if (published !== undefined) output.tell(`warning: ${file}: ${published}`);
  }
  const via = understood(() => httpProxyFor(flags.url, process.env));
  if (via !== undefined) output.tell(`dialling through ${nameOf(via)}`);
  const same = { claims, credentials, servername, via, ...(handler === undefined ? {} : { handler }) };
  return (url) => new PeerConnection({ ...same, url, limits: { ...limits, message: maxMessage } });
}

/** Reads a setting; a fault in it ends the command with the exit code of one that was not understood. */
function understood<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof CredentialsError || error instanceof HttpProxyError) Object.assign(error, { exitCode: 2 });
    throw error;
  }
}

/** The options of a bridge, as the flags have them. */
export function bridgeOptions(flags: ListenFlags): BridgeOptions {
  const { listen, timeout, maxBody, maxInFlight, hold, maxHeld, allowHost = [], allowOrigin = [] } = flags;
  const doors = { allowHosts: allowHost, allowOrigins: allowOrigin };
  const { traceRatio = 1 } = flags;
  return { ...listen, ...doors, timeout, maxBody, maxInFlight, hold, maxHeld, traceRatio, tell: output.tell };
}

/** Rejects with a sentence about the address where it cannot be listened on. */
export async function listening(
  bridge: { listen(): Promise<string> },
  { listen }: Pick<ListenFlags, 'listen'>,
): Promise<string> {
  try {
    return await bridge.listen();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const hint = code === 'EADDRINUSE' ? 'is in use; choose another --listen' : `cannot be listened on (${code})`;
    throw new Error(`${listen.host}:${listen.port} ${hint}`);
  }
}

/** Starts the peer and resolves at the first signal, when the output is closed, or when `ended` does. */
async function running(
  peer: PeerConnection,
  flags: ConnectionFlags,
  claims: Claims,
  beside: string,
  ended?: Promise<void>,
): Promise<void> {
  peer.observe(reporter(output, flags.url, claims, beside));
  const unwatch = watchCredentials(flags, () => peer.credentialsChanged());
  peer.start();
  const told = toldToEnd();
  await Promise.race(ended === undefined ? [told] : [told, ended]);
  unwatch();
}

/** Resolves at the first signal, or when the output is closed. */
export function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    process.stdout.once('error', () => resolve());
  });
}
