import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import { createInbox, errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { Put } from '../store.js';
import { type Failure, failureOf, isConflict, StatusError } from './line/failure.js';
import type { NatsLink } from './line/link.js';
import { namesOf } from './subjects.js';

/** A value as the stream has it. */
export interface StoredBytes {
  readonly subject: string;
  readonly sequence: number;
  /** When it was written, by the clock of the server, milliseconds since the epoch. */
  readonly at: number;
  readonly data: Uint8Array;
}

/** An answer, or why there is none. */
export type Answer<T> = { readonly t: 'answered'; readonly value: T } | Failure;

/** One write. */
export interface Writing {
  readonly subject: string;
  readonly value: string;
  /** How long the stream keeps it, milliseconds; at least a second. */
  readonly life: number;
  /** Number of the last write of the subject, 0 for none; absent: whatever it is. */
  readonly expected?: number | undefined;
}

const OFFLINE: Failure = { t: 'failed', kind: 'other', detail: 'not connected to NATS' };
/** Values of one answer of many. */
const PAGE_SIZE = 1_000;

/** The few requests to JetStream that the tables are made of. None rejects, and each ends within the request time. */
export class Requests {
  readonly #link: NatsLink;
  readonly #inbox: string;
  readonly #clients = new WeakMap<NatsConnection, { js: JetStreamClient; jsm: Promise<JetStreamManager> }>();

  constructor(link: NatsLink) {
    this.#link = link;
    this.#inbox = namesOf(link.settings.cluster).inbox;
  }

  /**
   * Writes a value where the last of its subject has the expected number; without one, whatever was there.
   *
   * @param within time for the answer, milliseconds; the request time when absent
   */
  async put({ subject, value, life, expected }: Writing, within?: number): Promise<Answer<Put>> {
    return this.#ask(async ({ js }, timeout) => {
      const expect = expected === undefined ? {} : { lastSubjectSequence: expected };
      const options = { expect, ttl: `${Math.ceil(life / 1000)}s`, timeout: within ?? timeout };
      try {
        const { seq } = await js.publish(subject, value, options);
        return { t: 'written', sequence: seq } as const;
      } catch (error) {
        if (isConflict(error)) return { t: 'conflict' } as const;
        throw error;
      }
    });
  }

  /** The last value of a subject, perhaps from a server that lags behind. */
  async last(stream: string, subject: string): Promise<Answer<StoredBytes | undefined>> {
    return this.#ask(async ({ jsm }) => {
      const message = await (await jsm).direct.getMessage(stream, { last_by_subj: subject });
      return message === null ? undefined : bytesOf(message);
    });
  }

  /** The first value from that number on, by the server that leads the stream. */
  async next(stream: string, sequence: number, subject: string): Promise<Answer<StoredBytes | undefined>> {
    return this.#ask(async ({ jsm }) => {
      // The library sends both fields, although its type knows only the first.
      const query = { seq: sequence, next_by_subj: subject };
      const message = await (await jsm).streams.getMessage(stream, query);
      return message === null ? undefined : bytesOf(message);
    });
  }

  /** The first value of a kind of subject, perhaps from a server that lags behind. */
  async first(stream: string, subject: string): Promise<Answer<StoredBytes | undefined>> {
    return this.#ask(async ({ jsm }) => {
      const query = { seq: 1, next_by_subj: subject };
      const message = await (await jsm).direct.getMessage(stream, query);
      return message === null ? undefined : bytesOf(message);
    });
  }

  /** Deletes the value of that number, if it is still there. Its bytes on disk are not overwritten, which would take long. */
  async remove(stream: string, sequence: number): Promise<Answer<boolean>> {
    return this.#ask(async ({ jsm }) => (await jsm).streams.deleteMessage(stream, sequence, false));
  }

  /** Up to PAGE_SIZE values from that number on, perhaps from a server that lags behind. */
  async page(stream: string, sequence: number, subject: string): Promise<Answer<readonly StoredBytes[]>> {
    return this.#many(stream, { seq: sequence, batch: PAGE_SIZE, next_by_subj: subject });
  }

  /** All values of a kind, a page at a time. The last is one that is not full, or the failure to get one. */
  async *pages(stream: string, subject: string): AsyncGenerator<Answer<readonly StoredBytes[]>, void> {
    for (let from = 1; ; ) {
      const page = await this.page(stream, from, subject);
      yield page;
      if (page.t === 'failed' || page.value.length < PAGE_SIZE) return;
      from = (page.value.at(-1)?.sequence ?? 0) + 1;
    }
  }

  /** Every last value of a subject, by the index of subjects: it does not pass over what else the stream holds. `many`: too many for one answer. */
  async lasts(stream: string, subject: string): Promise<Answer<readonly StoredBytes[]>> {
    return this.#many(stream, { multi_last: [subject] });
  }

  /** Sends a message to nobody in particular and waits for the first answer. */
  async anybody(subject: string): Promise<Answer<Msg>> {
    return this.#ask(({ connection }, timeout) => connection.request(subject, '', { timeout }));
  }

  /** What the manager of streams answers. */
  async manage<T>(ask: (jsm: JetStreamManager) => Promise<T>): Promise<Answer<T>> {
    return this.#ask(async ({ jsm }) => ask(await jsm));
  }

  async #many(stream: string, request: object): Promise<Answer<readonly StoredBytes[]>> {
    const subject = `$JS.API.DIRECT.GET.${stream}`;
    return this.#ask(({ connection }, timeout) =>
      gather({ connection, inbox: this.#inbox, subject, payload: JSON.stringify(request), timeout }),
    );
  }

  async #ask<T>(ask: (clients: Clients, timeout: number) => Promise<T>): Promise<Answer<T>> {
    const { connection } = this.#link;
    if (connection === undefined) return OFFLINE;
    try {
      return { t: 'answered', value: await ask(this.#clientsOf(connection), this.#link.settings.requestTime) };
    } catch (error) {
      return failureOf(error);
    }
  }

  #clientsOf(connection: NatsConnection): Clients {
    let clients = this.#clients.get(connection);
    if (clients === undefined) {
      const options = { timeout: this.#link.settings.requestTime };
      clients = {
        js: jetstream(connection, options),
        jsm: jetstreamManager(connection, { ...options, checkAPI: false }),
      };
      this.#clients.set(connection, clients);
    }
    return { connection, ...clients };
  }
}

interface Clients {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: Promise<JetStreamManager>;
}

function bytesOf({ subject, seq, timestamp, data }: StoredMsg): StoredBytes {
  return { subject, sequence: seq, at: Date.parse(timestamp), data };
}

/**
 * Asks for many values. A message of its own marks their end; where that message is lost, the library's own function would wait without a
 * bound.
 */
function gather({ connection, inbox, subject, payload, timeout }: Gathering): Promise<readonly StoredBytes[]> {
  return new Promise((resolve, reject) => {
    const found: StoredBytes[] = [];
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      subscription.unsubscribe();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new errors.TimeoutError())), timeout);
    const subscription = connection.subscribe(createInbox(inbox), {
      callback(error, message) {
        const code = message?.headers?.code ?? 0;
        if (error !== null) end(() => reject(error));
        else if (code === END_OF_BATCH || code === NOT_FOUND) end(() => resolve(found));
        else if (code === NO_RESPONDERS) end(() => reject(new errors.NoRespondersError(subject)));
        else if (code !== 0) end(() => reject(new StatusError(code, message.headers?.description ?? '')));
        else found.push(partOf(message));
      },
    });
    connection.publish(subject, payload, { reply: subscription.getSubject() });
  });
}

interface Gathering {
  readonly connection: NatsConnection;
  /** Prefix of the subject of the answers. */
  readonly inbox: string;
  readonly subject: string;
  readonly payload: string;
  readonly timeout: number;
}

const END_OF_BATCH = 204;
const NOT_FOUND = 404;
const NO_RESPONDERS = 503;

function partOf({ headers, data }: Msg): StoredBytes {
  return {
    subject: headers?.get('Nats-Subject') ?? '',
    sequence: Number(headers?.get('Nats-Sequence')),
    at: Date.parse(headers?.get('Nats-Time-Stamp') ?? ''),
    data,
  };
}
