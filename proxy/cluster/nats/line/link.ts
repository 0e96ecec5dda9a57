import { setTimeout as delay } from 'node:timers/promises';
import { errors, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { connectOptions } from './connect-options.js';
import { dialNats } from './dial.js';
import { failureOf } from './failure.js';
import type { NatsNews, NatsSettings } from './settings.js';

/** Milliseconds between two rounds over the servers before the first connection. */
const RETRY_MS = 500;
/** Most different refusals that are told, each once: a server that forbids something forbids it again and again. */
const MAX_TOLD = 32;

/** An answer to messages of a subject. It lasts over connections. */
interface Listening {
  readonly subject: string;
  readonly answer: (message: Msg) => void;
  subscription: Subscription | undefined;
}

/** The line to NATS: it connects in the background, comes back for ever, and says how it stands. */
export class NatsLink {
  readonly settings: NatsSettings;
  readonly #news: NatsNews;
  readonly #options: ReturnType<typeof connectOptions>;
  readonly #stopped = new AbortController();
  readonly #watchers = new Set<(connected: boolean) => void>();
  readonly #listening = new Set<Listening>();
  readonly #told = new Set<string>();
  #connection: NatsConnection | undefined;
  #connected = false;
  #ended: Promise<void> = Promise.resolve();

  private constructor(settings: NatsSettings, news: NatsNews) {
    this.settings = settings;
    this.#news = news;
    this.#options = connectOptions(settings);
  }

  /** Begins to connect. Throws NatsFileError where a file of credentials cannot be used; whatever else is wrong is told and tried again. */
  static open(settings: NatsSettings, news: NatsNews): NatsLink {
    const link = new NatsLink(settings, news);
    link.#ended = link.#run();
    return link;
  }

  /** True while the connection stands, as far as this side knows. */
  get connected(): boolean {
    return this.#connected;
  }

  /** The connection, while it stands. A broken one would lose what is sent on it, or send it when it is no longer meant. */
  get connection(): NatsConnection | undefined {
    return this.#connected ? this.#connection : undefined;
  }

  onConnection(changed: (connected: boolean) => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  /** Has messages of a subject answered, now and after each connection; the function returned ends that. */
  listen(subject: string, answer: (message: Msg) => void): () => void {
    const listening: Listening = { subject, answer, subscription: undefined };
    this.#listening.add(listening);
    this.#subscribe(listening);
    return () => {
      this.#listening.delete(listening);
      listening.subscription?.unsubscribe();
    };
  }

  /** Ends the connection and everything that is tried. */
  async close(): Promise<void> {
    this.#stopped.abort();
    if (this.#connection === undefined) return;
    await this.#connection.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const connection = await this.#connect();
      if (connection === undefined) return;
      this.#connection = connection;
      for (const one of this.#listening) this.#subscribe(one);
      this.#turn(true);
      const followed = this.#follow(connection);
      // The library gives up only where it was told to, or where a fault of its own ends it: then all begins anew.
      await connection.closed();
      await followed;
      this.#connection = undefined;
      this.#turn(false);
    }
  }

  /** Tries until a server takes us; undefined when stopped before. */
  async #connect(): Promise<NatsConnection | undefined> {
    const { signal } = this.#stopped;
    let told = '';
    while (!signal.aborted) {
      try {
        const connection = await dialNats(this.#options);
        if (!signal.aborted) return connection;
        await connection.close();
      } catch (error) {
        const why = `${failureOf(error).detail}${this.#hint(error)}`;
        if (why !== told) this.#news.tell('error', 'NATS cannot be reached: it is tried again and again', why);
        told = why;
      }
      await delay(RETRY_MS, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  /** A server that wants a certificate says so when the handshake is over here, where the library no longer listens. */
  #hint(error: unknown): string {
    const isMute = this.#options.tls !== undefined && this.settings.certFile === undefined;
    return isMute && error instanceof errors.TimeoutError ? ': perhaps it wants a certificate (--nats-cert)' : '';
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#turn(false);
      else if (status.type === 'reconnect') this.#turn(true);
      else if (status.type === 'error') this.#refused(failureOf(status.error).detail);
    }
  }

  #refused(why: string): void {
    if (this.#told.has(why) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(why);
    this.#news.tell('error', 'NATS refuses something', why);
  }

  #turn(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    if (connected) this.#news.tell('info', 'connected to NATS', this.#connection?.getServer());
    else if (!this.#stopped.signal.aborted) this.#news.tell('warn', 'the connection to NATS is lost');
    for (const changed of [...this.#watchers]) changed(connected);
  }

  #subscribe(listening: Listening): void {
    if (this.#connection === undefined || this.#connection.isClosed()) return;
    listening.subscription = this.#connection.subscribe(listening.subject, {
      // A refusal is told as a status of the connection.
      callback: (error, message) => {
        if (error === null) listening.answer(message);
      },
    });
  }
}
