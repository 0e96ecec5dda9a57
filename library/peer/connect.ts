import { hostname } from 'node:os';
import type { Body } from '../../peer/body.js';
import { PeerConnection, type PeerObserver } from '../../peer/connection.js';
import { watchCredentials } from '../../peer/credential-watch.js';
import { type CredentialFiles, type Credentials, readCredentials } from '../../peer/credentials.js';
import type { Greeting } from '../../peer/greeting.js';
import { httpProxyFor } from '../../peer/http-proxy.js';
import type { PeerLimits } from '../../peer/limits.js';
import { meetupUrlFault } from '../../peer/meetup-url.js';
import type { Claims } from '../../peer/outgoing.js';
import type { RequestOptions } from '../../peer/request-options.js';
import { type Handler, servesNothing } from '../../peer/responder.js';
import type { RestResponse } from '../../peer/rest.js';
import type { State } from '../../peer/state.js';
import { isClaim, MAX_CLAIM_CHARS } from '../../proxy/wire/hello.js';

/** The settings that every peer has, a bridge and a gateway included. */
export interface DialOptions {
  /** The address of the meetup: `wss://HOST:5050/micronets/v1/ws-proxy/MEETUP`, the same for both peers. `ws://`, a password and a fragment are refused. */
  readonly url: string;
  /** Paths of the PEM files: they are read again at every dial, and a renewed certificate is taken up. Or a function, called before every dial. */
  readonly credentials: CredentialFiles | (() => Credentials);
  /** The kind of program, such as `micronets-gateway-service`; 1 to 256 characters. It is a claim for the other peer, not an identity. */
  readonly peerClass: string;
  /** The name of this peer among those of its kind; 1 to 256 characters. Host name and process id when left out. */
  readonly peerId?: string;
  /** The name that the proxy's certificate must carry, where it is not the URL's host. */
  readonly servername?: string;
  /** Whether the HTTP proxy that `HTTPS_PROXY` and `NO_PROXY` name is dialled through; true when left out. */
  readonly httpProxy?: boolean;
  /** Bounds other than {@link defaultLimits}. */
  readonly limits?: Partial<PeerLimits>;
  /** Hears of everything from the first dial on. */
  readonly observer?: PeerObserver;
}

/** The settings of {@link connect}. */
export interface ConnectOptions extends DialOptions {
  /** Answers the other peer's requests. Without one each of them is answered with 501, and the HELLO says so. */
  readonly handler?: Handler;
}

/** A peer that keeps itself connected to its meetup until `stop`, whatever happens between. */
export interface Peer {
  /** Where it is now. */
  readonly state: State;
  /** Adds an observer; the function returned removes it. */
  observe(observer: PeerObserver): () => void;
  /** Resolves with the other peer's HELLO as soon as there is a pair, at once where there is one. Rejects when `signal` fires, with its reason, or when the peer is stopped. */
  paired(signal?: AbortSignal): Promise<Greeting>;
  /** Sends a request and waits for its response. Rejects with {@link RequestFailure}, whose `reason` says what happened to it. */
  request(options: RequestOptions): Promise<RestResponse>;
  /** Sends `EVENT:<namespace>:<name>`, or `EVENT:<name>` for an empty namespace; nothing answers it. Throws {@link RequestFailure}. */
  sendEvent(namespace: string, name: string, body?: Body): void;
  /** Sends a message as it is: text as a text frame, bytes as a binary one. Throws {@link RequestFailure}. */
  send(message: string | Buffer): void;
  /** Dials at once where its certificate was refused: there is another one now. Called by itself where `credentials` names files. */
  credentialsChanged(): void;
  /** Closes the connection with 1000, for good; resolves when it is gone, 2 s later at most. */
  stop(): Promise<void>;
}

/**
 * Dials the meetup, and again whenever the connection ends, after the time that the proxy asks for.
 *
 * @throws TypeError where the URL is none of a meetup, or a claim has no character or over 256
 * @throws CredentialsError where a file cannot be used
 * @throws HttpProxyError where the environment names no usable HTTP proxy
 */
export function connect(options: ConnectOptions): Peer {
  const { handler } = options;
  return peerOf(dialled(options, { answers: handler !== undefined }, handler ?? servesNothing));
}

/** A connection and what ends with it. */
export interface Dialled {
  readonly connection: PeerConnection;
  stop(): Promise<void>;
}

/** Makes the connection that the options describe, with claims beside them; it does not dial yet. */
export function dialled(
  options: DialOptions,
  more: Partial<Claims>,
  handler: Handler,
  limits = options.limits,
): Dialled {
  const connection = dialler(options, more, handler, limits)(options.url);
  if (options.observer !== undefined) connection.observe(options.observer);
  const unwatch = whenRenewed(options, () => connection.credentialsChanged());
  return {
    connection,
    stop: () => {
      unwatch();
      return connection.stop();
    },
  };
}

/** The maker of connections that the options describe, whatever the meetup. Looks at the credentials once. */
export function dialler(
  options: Omit<DialOptions, 'observer'>,
  more: Partial<Claims>,
  handler: Handler,
  limits = options.limits,
): (url: string) => PeerConnection {
  const { credentials: given, peerClass, peerId = `${hostname()} ${process.pid}`, servername } = options;
  const fault = meetupUrlFault(options.url);
  if (fault !== undefined) throw new TypeError(`url: ${fault}`);
  for (const [name, value] of Object.entries({ peerClass, peerId })) {
    if (!isClaim(value)) throw new TypeError(`${name}: It must be text of 1 to ${MAX_CLAIM_CHARS} characters.`);
  }
  const credentials = typeof given === 'function' ? given : () => readCredentials(given, NAMES);
  // A file that is wrong at the start is a mistake of the caller; later it is a reason to try again.
  credentials();
  const via = options.httpProxy === false ? undefined : httpProxyFor(options.url, process.env);
  const claims = { peerClass, peerId, ...more };
  return (url) => new PeerConnection({ url, claims, credentials, servername, via, handler, limits: limits ?? {} });
}

/** Calls `changed` after a file of the credentials was written or replaced; the function returned ends it. */
export function whenRenewed({ credentials }: Pick<DialOptions, 'credentials'>, changed: () => void): () => void {
  return typeof credentials === 'function' ? () => {} : watchCredentials(credentials, changed);
}

/** The members of {@link CredentialFiles}, as messages name them. */
const NAMES = { cert: 'credentials.cert', key: 'credentials.key', ca: 'credentials.ca' };

/** Starts the connection, and shows of it what is public. */
export function peerOf({ connection, stop }: Dialled): Peer {
  connection.start();
  return {
    get state() {
      return connection.state;
    },
    observe: (observer) => connection.observe(observer),
    paired: (signal) => paired(connection, signal),
    request: (request) => connection.request(request),
    sendEvent: (namespace, name, body) => connection.sendEvent(namespace, name, body),
    send: (message) => connection.send(message),
    credentialsChanged: () => connection.credentialsChanged(),
    stop,
  };
}

function paired(connection: PeerConnection, signal?: AbortSignal): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      unobserve();
      signal?.removeEventListener('abort', abort);
    };
    const look = (state: State): void => {
      if (state.kind !== 'paired' && state.kind !== 'stopped') return;
      end();
      if (state.kind === 'paired') resolve(state.other);
      else reject(new Error('the peer was stopped before there was a pair'));
    };
    const abort = (): void => {
      end();
      reject(signal?.reason);
    };
    const unobserve = connection.observe({ state: look });
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    else look(connection.state);
  });
}
