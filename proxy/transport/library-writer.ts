import type { Socket as RawSocket } from 'node:net';
import type { WebSocket } from 'ws';
import type { MessageWriter, Sender } from './connection.js';
import { type TurnWriter, writeInTurn } from './turn.js';

/** Options for `send` of ws; made once, because every message needs them. */
const TEXT = { binary: false, compress: false, fin: true } as const;
const BINARY = { binary: true, compress: false, fin: true } as const;
/**
 * Memory of one waiting message beyond its bytes: buffers and their places in the stream's queue. If it were not counted, 1 MiB of
 * empty messages, two bytes each, would cost 110 MiB.
 */
const MESSAGE_COST = 200;

/** Sends messages by the library, for clients: their frames are masked, which the library does best. */
export class LibraryWriter implements MessageWriter, TurnWriter {
  readonly #ws: WebSocket;
  readonly #raw: RawSocket;
  readonly #written: () => void;
  #corked = false;
  /** Messages that wait. */
  #queued = 0;

  constructor(ws: WebSocket, raw: RawSocket, sender: Sender) {
    this.#ws = ws;
    this.#raw = raw;
    this.#written = () => {
      this.#queued -= 1;
      sender.written();
    };
  }

  get backlog(): number {
    const { bufferedAmount } = this.#ws;
    return bufferedAmount === 0 ? 0 : bufferedAmount + this.#queued * MESSAGE_COST;
  }

  add(data: Buffer, binary: boolean): void {
    this.#cork();
    this.#queued += 1;
    this.#ws.send(data, binary ? BINARY : TEXT, this.#written);
  }

  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#raw.cork();
    writeInTurn(this);
  }

  /** Called at the end of the turn. */
  flush(): void {
    this.#corked = false;
    this.#raw.uncork();
  }
}
