import type { Clock } from '../proxy/ports/clock.js';
import type { Socket } from '../proxy/ports/socket.js';
import { DEFAULT_MAX_PAYLOAD, type DialOptions, dial } from '../proxy/transport/dial/dial.js';
import type { HttpProxy } from '../proxy/transport/dial/tunnel.js';
import { type BackoffBounds, defaultBackoff } from './backoff.js';
import { type Body, noBody } from './body.js';
import { Channel } from './channel.js';
import { peerClock } from './clock.js';
import type { Credentials } from './credentials.js';
import type { Form } from './form.js';
import type { Greeting } from './greeting.js';
import type { PeerEvent } from './incoming.js';
import { DEFAULT_TIMEOUT_MS, defaultLimits, handshakeTime, type PeerLimits } from './limits.js';
import { meetupUrlFault } from './meetup-url.js';
import type { Claims } from './outgoing.js';
import { withOwnFault } from './own-certificate.js';
import { RequestFailure } from './request-failure.js';
import type { RequestOptions } from './request-options.js';
import type { Handler } from './responder.js';
import type { RestResponse } from './rest.js';
import { type Setback, setbackOfDial } from './setback.js';
import { initial, type Move, move, STABLE_MS, type State } from './state.js';

/** Opens a socket, paused, as {@link dial} does. */
export type Dialler = (url: string, options: DialOptions) => Promise<Socket>;

export interface PeerOptions {
  /** The address of the meetup: `wss://HOST:PORT/micronets/v1/ws-proxy/MEETUP`, the same for both. */
  readonly url: string;
  /** The claims that this peer makes in its HELLO. */
  readonly claims: Claims;
  /** Called before every dial, so that renewed files are used; left out where the transport needs none. */
  readonly credentials?: () => Credentials;
  /** The name that the proxy's certificate must carry, where it is not the URL's host. */
  readonly servername?: string | undefined;
  /** The HTTP proxy to dial through; directly when left out. */
  readonly via?: HttpProxy | undefined;
  /** Answers the other peer's requests. Left out, they are only shown to observers and nothing answers them. */
  readonly handler?: Handler;
  readonly limits?: Partial<PeerLimits>;
  readonly backoff?: BackoffBounds;
  /** The network and the clock; tests put fakes here. */
  readonly dial?: Dialler;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Hears of the events of a peer, each after it happened. */
export interface PeerObserver {
  /** It moved; told once with the same state twice when it starts. */
  state?(now: State, before: State): void;
  /** The other peer sent an `EVENT:…`. */
  event?(event: PeerEvent): void;
  /** Every message of the other peer as it came, its HELLO included. */
  message?(data: Buffer, binary: boolean): void;
  /** The handler threw; the other peer was answered 500. */
  fault?(error: unknown): void;
}

/**
 * A peer, which keeps itself connected to the meetup from `start` to `stop`, whatever happens between. Requests need a pair and fail at
 * once without one; nothing is kept for later.
 */
export class PeerConnection {
  readonly #options: PeerOptions;
  readonly #limits: PeerLimits;
  readonly #clock: Clock;
  readonly #observers = new Set<PeerObserver>();
  #state: State = initial;
  #channel: Channel | undefined;
  #undoWait: () => void = () => {};
  #dialling = new AbortController();
  /** Id of the connection that is there, or was there last, as the proxy told it. */
  #session: string | undefined;
  /** Dials in a row that the proxy took and did not answer in time. */
  #unanswered = 0;
  #started = false;
  #stopped: Promise<void> | undefined;
  #ended: () => void = () => {};

  /** Throws TypeError where the URL is none of a meetup. */
  constructor(options: PeerOptions) {
    const fault = meetupUrlFault(options.url);
    if (fault !== undefined) throw new TypeError(`url: ${fault}`);
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#clock = options.clock ?? peerClock;
  }

  get state(): State {
    return this.#state;
  }

  /** The id by which the proxy and its edge write down this connection, which has one session; undefined while there is none, or where they tell none. */
  get session(): string | undefined {
    return this.#channel === undefined ? undefined : this.#session;
  }

  /** The form of messages for the other peer: `deployed` also while no peer is there. */
  get form(): Form {
    return this.#channel?.form ?? 'deployed';
  }

  /** Adds an observer; the function returned removes it. */
  observe(observer: PeerObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Dials, and goes on until `stop`. A second call changes nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#tell((observer) => observer.state?.(this.#state, this.#state));
    void this.#connect();
  }

  /** Dials at once where it waits because its certificate was refused (`never`): there is another certificate now. */
  credentialsChanged(): void {
    if (this.#state.kind !== 'backing_off' || this.#state.why.retry !== 'never') return;
    this.#undoWait();
    this.#dialAgain();
  }

  /** Closes with 1000; resolves when the connection is gone, at most {@link PeerLimits.close} later. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Sends a `REST:REQUEST`. Rejects with {@link RequestFailure}, whose `reason` says what happened to it. */
  request(options: RequestOptions): Promise<RestResponse> {
    const { method, path, query = [], rawQuery, headers = [], body = noBody } = options;
    const { timeout = DEFAULT_TIMEOUT_MS, signal } = options;
    if (this.#channel === undefined) return Promise.reject(unpaired());
    const raw = rawQuery === undefined ? {} : { rawQuery };
    return this.#channel.request({ method, path, query, ...raw, headers, body }, { timeout, signal });
  }

  /** Sends `EVENT:<namespace>:<name>`, or `EVENT:<name>` for an empty namespace. Throws {@link RequestFailure}. */
  sendEvent(namespace: string, name: string, body: Body = noBody): void {
    if (this.#channel === undefined) throw unpaired();
    this.#channel.sendEvent(namespace, name, body);
  }

  /** Sends a message as it is: text as a text frame, bytes as a binary one. Throws {@link RequestFailure}. */
  send(message: string | Buffer): void {
    if (this.#channel === undefined) throw unpaired();
    const isText = typeof message === 'string';
    this.#channel.send(isText ? Buffer.from(message) : message, !isText);
  }

  async #stop(): Promise<void> {
    const channel = this.#channel;
    this.#move({ kind: 'stop' });
    this.#undoWait();
    this.#dialling.abort();
    if (channel === undefined) return;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      channel.close();
    });
  }

  async #connect(): Promise<void> {
    this.#dialling = new AbortController();
    const opened = await this.#dial(this.#dialling.signal).catch(setbackOfDial);
    const isUnanswered = 'reason' in opened && opened.reason === 'timeout' && opened.retry === 'later';
    this.#unanswered = isUnanswered ? this.#unanswered + 1 : 0;
    if ('reason' in opened) this.#lose(opened);
    else if (this.#state.kind === 'stopped') opened.terminate();
    else this.#open(opened);
  }

  async #dial(signal: AbortSignal): Promise<Socket> {
    const { url, credentials, servername, via } = this.#options;
    const { connect: connectTimeout, message } = this.#limits;
    const times = { connectTimeout, handshakeTimeout: handshakeTime(this.#limits, this.#unanswered) };
    const maxPayload = Math.max(message, DEFAULT_MAX_PAYLOAD);
    const way = { ...(servername === undefined ? {} : { servername }), ...(via === undefined ? {} : { via }) };
    const own = credentials?.();
    try {
      this.#session = undefined;
      const accepted = (id: string): void => {
        this.#session = id;
      };
      return await (this.#options.dial ?? dial)(url, { ...own, ...way, ...times, maxPayload, signal, accepted });
    } catch (error) {
      throw withOwnFault(error, own?.cert, Date.now());
    }
  }

  #open(socket: Socket): void {
    const { claims, handler } = this.#options;
    const options = { claims, handler, limits: this.#limits, clock: this.#clock };
    this.#channel = new Channel(socket, options, {
      greeted: (other: Greeting) => this.#move({ kind: 'greeted', other }),
      event: (event) => this.#tell((observer) => observer.event?.(event)),
      message: (data, binary) => this.#tell((observer) => observer.message?.(data, binary)),
      fault: (error) => this.#tell((observer) => observer.fault?.(error)),
      ended: (why) => {
        this.#channel = undefined;
        this.#lose(why);
        this.#ended();
      },
    });
    this.#move({ kind: 'opened' });
  }

  #lose(why: Setback): void {
    this.#move({ kind: 'lost', why });
    if (this.#state.kind !== 'backing_off') return;
    this.#undoWait = this.#clock.after(this.#state.delay, () => this.#dialAgain());
  }

  #dialAgain(): void {
    this.#move({ kind: 'waited' });
    void this.#connect();
  }

  #move(by: Move): void {
    const before = this.#state;
    this.#state = move(before, by, {
      now: this.#clock.steady(),
      random: (this.#options.random ?? Math.random)(),
      backoff: this.#options.backoff ?? defaultBackoff,
      stable: STABLE_MS,
    });
    if (this.#state !== before) this.#tell((observer) => observer.state?.(this.#state, before));
  }

  #tell(what: (observer: PeerObserver) => void): void {
    for (const observer of [...this.#observers]) what(observer);
  }
}

function unpaired(): RequestFailure {
  return new RequestFailure('not_paired', 'the other peer is not there');
}
