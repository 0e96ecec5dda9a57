import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawAuthority } from '../../support/raw-authority.js';
import type { ViolationKind } from '../judge/checker.js';

/** What a relay can do wrong by itself; `true`: nothing. */
export type Spoiling = Exclude<ViolationKind, 'answered_twice' | 'unanswered' | 'made_twice'> | 'true';

/** Which of the messages to a peer is spoilt, counted from 0 with the HELLO. */
const SPOILT = 5;
/** Milliseconds for which a HELLO is kept back. */
export const LATE_MS = 3_000;

/** One peer at the relay, and what goes to it. */
interface Seated {
  readonly ws: WebSocket;
  hello: Buffer | undefined;
  other: Seated | undefined;
  /** Messages that went to it. */
  count: number;
  /** What waits for the next message to overtake it. */
  kept: Buffer | undefined;
  /** What waits for a HELLO that is late. */
  queue: Buffer[] | undefined;
}

/**
 * A relay as simple as can be, which joins the two that come to one path and does one thing wrong to the first of them: whether
 * recorder and checker would find it.
 */
export class SpoilingRelay {
  readonly #server;
  readonly #upgrades = new WebSocketServer({ noServer: true });
  readonly #alone = new Map<string, Seated>();
  readonly #seated = new Set<Seated>();
  readonly #firsts = new WeakSet<Seated>();
  readonly #how: Spoiling;
  #delivered = 0;
  #look: () => void = () => {};

  constructor(authority: RawAuthority, how: Spoiling) {
    this.#how = how;
    const { certificate, key } = authority.issue({ subject: [], names: [{ dns: 'localhost' }] });
    this.#server = createServer({ cert: certificate, key });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#upgrades.handleUpgrade(request, socket, head, (ws) => this.#sit(ws, request.url ?? ''));
    });
  }

  /** Resolves with the address below which the meetups are. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `wss://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Resolves when that many messages went to peers. */
  async delivered(count: number): Promise<void> {
    while (this.#delivered < count) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }

  /** Drops the first of each two. */
  dropFirsts(): void {
    for (const one of [...this.#seated]) if (this.#firsts.has(one)) one.ws.terminate();
  }

  async stop(): Promise<void> {
    for (const { ws } of this.#seated) ws.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #sit(ws: WebSocket, path: string): void {
    const one: Seated = { ws, hello: undefined, other: undefined, count: 0, kept: undefined, queue: undefined };
    this.#seated.add(one);
    ws.on('message', (data: Buffer) => {
      if (one.other !== undefined) this.#send(one.other, data);
      else if (one.hello === undefined) this.#greet(one, data, path);
    });
    ws.on('close', () => {
      this.#seated.delete(one);
      if (this.#alone.get(path) === one) this.#alone.delete(path);
      if (this.#how !== 'one_sided') one.other?.ws.close(1002, 'the peer websocket disconnected');
    });
  }

  #greet(one: Seated, hello: Buffer, path: string): void {
    one.hello = hello;
    const first = this.#alone.get(path);
    if (first?.hello === undefined) {
      this.#alone.set(path, one);
      return;
    }
    this.#alone.delete(path);
    [first.other, one.other] = [one, first];
    this.#firsts.add(first);
    this.#send(one, first.hello);
    this.#send(first, hello);
  }

  #send(to: Seated, data: Buffer): void {
    const at = to.count;
    to.count += 1;
    if (to.queue !== undefined) to.queue.push(data);
    else if (!this.#firsts.has(to)) this.#write(to, data);
    else this.#spoil(to, data, at);
  }

  #spoil(to: Seated, data: Buffer, at: number): void {
    const { kept } = to;
    to.kept = undefined;
    const isSpoilt = at === (this.#how.startsWith('hello') ? 0 : SPOILT);
    this.#ways[isSpoilt ? this.#how : 'true'](to, data);
    if (kept !== undefined) this.#write(to, kept);
  }

  /** What is done with the one message that is spoilt. */
  readonly #ways: Readonly<Record<Spoiling, (to: Seated, data: Buffer) => void>> = {
    true: (to, data) => this.#write(to, data),
    // It is no message that is wrong.
    one_sided: (to, data) => this.#write(to, data),
    lost: () => {},
    hello_missing: () => {},
    reordered: keep,
    hello_not_first: keep,
    hello_late: (to, data) => {
      to.queue = [data];
      setTimeout(() => this.#release(to), LATE_MS);
    },
    altered: (to, data) => this.#write(to, Buffer.from(data.toString().replace('"padding":"', '"padding":"altered'))),
    doubled: (to, data) => {
      this.#write(to, data);
      this.#write(to, data);
    },
    crossed: (to, data) => {
      this.#write(to, data);
      for (const stranger of this.#strangersTo(to)) this.#write(stranger, data);
    },
  };

  #strangersTo(to: Seated): readonly Seated[] {
    return [...this.#seated].filter((one) => one !== to && one !== to.other);
  }

  #release(to: Seated): void {
    for (const data of to.queue ?? []) this.#write(to, data);
    to.queue = undefined;
  }

  #write({ ws }: Seated, data: Buffer): void {
    if (ws.readyState !== WebSocket.OPEN) return;
    ws.send(data.toString());
    this.#delivered += 1;
    this.#look();
  }
}

function keep(to: Seated, data: Buffer): void {
  to.kept = data;
}
