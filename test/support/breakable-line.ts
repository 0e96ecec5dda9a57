import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** How a line behaves: it carries everything, nothing and says so, or nothing and is silent. */
export type LineState = 'well' | 'cut' | 'silent';

/** A way to a unix socket that can break: what comes is passed on, until it is cut or falls silent. */
export class BreakableLine {
  readonly #server: Server;
  #target: string;
  readonly #sockets = new Set<Socket>();
  #state: LineState = 'well';

  private constructor(target: string, tls: TlsOptions | undefined) {
    this.#target = target;
    const take = (socket: Socket): void => this.#take(socket);
    this.#server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
  }

  /** A line at a unix socket. */
  static async atSocket(path: string, target: string): Promise<BreakableLine> {
    const line = new BreakableLine(target, undefined);
    line.#server.listen(path);
    await once(line.#server, 'listening');
    return line;
  }

  /** A line at a free port of this machine, with TLS. */
  static async atPort(tls: TlsOptions, target: string): Promise<BreakableLine> {
    const line = new BreakableLine(target, tls);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Leads to another socket from now on. */
  leadTo(target: string): void {
    this.#target = target;
    for (const socket of this.#sockets) socket.destroy();
  }

  become(state: LineState): void {
    this.#state = state;
    for (const socket of this.#sockets) {
      if (state === 'cut') socket.destroy();
      else if (state === 'silent') socket.unpipe().pause();
      else socket.resume();
    }
    // What was silent does not speak again on the old connections: they are cut when the line is well.
    if (state === 'well') for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.become('cut');
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #take(socket: Socket): void {
    const far = connect(this.#target);
    const pair = [socket, far] as const;
    for (const one of pair) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        this.#sockets.delete(one);
        for (const other of pair) other.destroy();
      });
    }
    if (this.#state === 'cut') socket.destroy();
    else if (this.#state === 'silent') for (const one of pair) one.pause();
    else socket.pipe(far).pipe(socket);
  }
}
