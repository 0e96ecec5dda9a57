import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { MAX_ANSWER_BYTES } from '../rpc/client.js';
import { stopping } from '../rpc/fault.js';
import { refuse } from './reply.js';
import { type ServeParts, serve } from './serve.js';
import { Viewings } from './viewings.js';

/** Time that a connection has to bring the headers of its request, milliseconds. */
const HEADER_TIME = 10_000;
/** Longest headers, bytes: the edge's own bound and the headers that the edge adds. */
const MAX_HEADER_BYTES = 65_536;
/** Time that open answers have to end when the server stops, milliseconds. */
const STOP_TIME = 2_000;

/**
 * The control API as JSON over HTTP/1.1. It reads requests strictly and passes each to the gRPC server beside it as a call, so that
 * rights, bounds and the audit are the same.
 */
export class JsonFront {
  readonly #parts: Omit<ServeParts, 'client'>;
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #client: Client | undefined;
  #closed = (): void => {};

  constructor(parts: Omit<ServeParts, 'client' | 'viewings'>) {
    this.#parts = { ...parts, viewings: new Viewings(parts.clock) };
    this.#server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 0 }, (request, response) => {
      request.socket.setTimeout(0);
      this.#noteOpen(response);
      if (this.#client === undefined) return refuse(response, stopping().toStatus());
      return void serve({ ...this.#parts, client: this.#client }, request, response);
    });
  }

  /** Begins to make calls to the gRPC server at that address. */
  callAt(address: string): void {
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    });
  }

  /** Serves a connection. */
  take(socket: Socket): void {
    socket.setTimeout(HEADER_TIME, () => socket.destroy());
    this.#server.emit('connection', socket);
  }

  /** Waits for open answers to end, for a bounded time. The caller of `take` closes the connections. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.clock.after(STOP_TIME, resolve);
      this.#closed = () => {
        if (this.#open.size > 0) return;
        cancel();
        resolve();
      };
      this.#closed();
    });
    this.#client?.close();
    this.#client = undefined;
  }

  #noteOpen(response: ServerResponse): void {
    this.#open.add(response);
    response.once('close', () => {
      this.#open.delete(response);
      this.#closed();
    });
  }
}
