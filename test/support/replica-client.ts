import { once } from 'node:events';
import { expect } from 'chai';
import { type ClientOptions, WebSocket } from 'ws';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { hello } from './fixtures.js';
import { type Closure, KeptMessages, type Message } from './kept-messages.js';
import type { Replica } from './replicas.js';
import { identityHeaders } from './service.js';

/** Where the edge reaches a replica. */
export interface Entrance {
  /** For `ws`: the address of a meetup there. */
  url(meetupId: string): string;
}

/** A peer at the edge's listener of a replica: each has a certificate of its own name. */
export class ReplicaClient {
  readonly ws: WebSocket;
  readonly closed: Promise<Closure>;
  readonly #messages: KeptMessages;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    this.#messages = new KeptMessages(ws);
    this.closed = this.#messages.closed;
  }

  /** Connects, and says nothing; rejects when it is refused. */
  static async connect(at: Entrance, meetupId: string, name: string, more: ClientOptions = {}): Promise<ReplicaClient> {
    const ws = new WebSocket(at.url(meetupId), { headers: certificateOf(name), ...more });
    const client = new ReplicaClient(ws);
    await once(ws, 'open');
    return client;
  }

  /** Connects and says HELLO. */
  static async join(at: Entrance, meetupId: string, name: string, more: ClientOptions = {}): Promise<ReplicaClient> {
    const client = await ReplicaClient.connect(at, meetupId, name, more);
    client.ws.send(hello(name));
    return client;
  }

  /** Two that are joined: the first at the one replica, which then serves the meetup, the second at the other. */
  static async pair(owner: Replica, landing: Replica, meetupId: string): Promise<[ReplicaClient, ReplicaClient]> {
    const one = await ReplicaClient.join(owner, meetupId, `${meetupId} one`);
    await owner.until(() => owner.core.present.sessions.has(meetupId));
    const two = await ReplicaClient.join(landing, meetupId, `${meetupId} two`);
    await Promise.all([one.next(), two.next()]);
    return [one, two];
  }

  /** The next message; rejects when the connection ends first. */
  next(): Promise<Message> {
    return this.#messages.next();
  }

  async text(): Promise<string> {
    return (await this.next()).data.toString();
  }
}

/** An upgrade as the edge sends it, for clients that write their own bytes. */
export function upgradeText(meetupId: string, headers: Record<string, string | string[]>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const upgrade = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  const head = [`GET ${MEETUP_PREFIX}${meetupId} HTTP/1.1`, ...upgrade, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
  return `${[...head, ...lines].join('\r\n')}\r\n\r\n`;
}

/** The headers by which the edge forwards the certificate of this name. */
export function certificateOf(name: string): Record<string, string> {
  return identityHeaders({ cn: name, fingerprint: Buffer.from(name.padEnd(32).slice(0, 32)).toString('hex') });
}

/** Comes in until it is let in: while nobody can tell who serves a meetup, a peer is told to come again. */
export async function persistently(at: Entrance, meetupId: string, name: string): Promise<ReplicaClient> {
  for (;;) {
    try {
      return await ReplicaClient.join(at, meetupId, name);
    } catch (error) {
      if (!/ 503$/.test((error as Error).message)) throw error;
    }
  }
}

/** Says something each way, and hears it. */
export async function talk(one: ReplicaClient, two: ReplicaClient): Promise<void> {
  one.ws.send('there');
  expect(await two.text()).to.equal('there');
  two.ws.send('back');
  expect(await one.text()).to.equal('back');
}
