import type { Socket, SocketListener } from '../../proxy/ports/socket.js';
import type { EndingLabel } from '../../proxy/wire/close.js';

/** The core's Socket without a network: it records its calls, and a test makes its events. */
export class FakeSocket implements Socket {
  readonly sent: { readonly data: Buffer; readonly binary: boolean }[] = [];
  /** Code and reason of the close, once it was closed by our side. */
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  backlog = 0;
  gathered = 0;
  received = 0;
  taken = 0;
  pings = 0;
  paused = false;
  /** Whether messages of full size may come. */
  opened = false;
  terminated = false;
  /** Answers pings at once when true. */
  alive = true;
  /** The line is broken, and the first write notices it. */
  breaksAtPing = false;
  #listener: SocketListener | undefined;

  listen(listener: SocketListener): void {
    this.#listener = listener;
  }

  allowFullSize(): void {
    this.opened = true;
  }

  send(data: Buffer, binary: boolean): void {
    this.sent.push({ data, binary });
  }

  ping(): void {
    this.pings += 1;
    if (this.breaksAtPing) this.gone('connection_lost', 1006);
    else if (this.alive) this.pong();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
    this.paused = false;
  }

  terminate(): void {
    this.terminated = true;
  }

  /** The texts that were sent. */
  get texts(): string[] {
    return this.sent.map((one) => one.data.toString('utf8'));
  }

  /** A message from the peer. */
  receive(data: string | Buffer, binary = false): void {
    this.deliver(Buffer.from(data as string), binary);
  }

  /** A message from the peer, in these very bytes. */
  deliver(data: Buffer, binary: boolean): void {
    this.received += data.length;
    this.#listener?.message(data, binary);
  }

  /** A pong from the peer. */
  pong(): void {
    this.received += 2;
    this.#listener?.pong();
  }

  /** The operating system took bytes: `backlog` is what is left. */
  drain(backlog: number): void {
    this.taken += Math.max(0, this.backlog - backlog);
    this.backlog = backlog;
    this.#listener?.progress(backlog);
  }

  /** The connection is over by the peer's doing. */
  gone(label: EndingLabel = 'closed_by_peer', code = 1000, reason = ''): void {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(label, code, reason);
  }
}
