import { once } from 'node:events';
import { WebSocket } from 'ws';

interface Reply {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Listener = (method: string, params: unknown) => void;

/** A connection of the Chrome DevTools Protocol. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, (reply: Reply) => void>();
  readonly #listeners = new Map<string, Listener>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(data.toString()) as Reply));
    socket.on('close', () => {
      for (const answer of this.#asked.values()) answer({ error: { message: 'the browser is gone' } });
    });
  }

  static async connect(address: string): Promise<DevTools> {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    await once(socket, 'open');
    return new DevTools(socket);
  }

  /** Sends a command; rejects with what the browser says is wrong with it. */
  ask<T>(method: string, params: object, sessionId?: string): Promise<T> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result as T);
        else reject(new Error(`${method}: ${error.message}`));
      });
      this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }));
    });
  }

  /** Is told the events of a session. */
  listen(sessionId: string, listener: Listener): void {
    this.#listeners.set(sessionId, listener);
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(reply: Reply): void {
    if (reply.id !== undefined) {
      this.#asked.get(reply.id)?.(reply);
      this.#asked.delete(reply.id);
    } else if (reply.method !== undefined) {
      this.#listeners.get(reply.sessionId ?? '')?.(reply.method, reply.params);
    }
  }
}
