import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Places of a bridge, by which its HTTP connections are bounded. */
interface Places {
  readonly maxInFlight: number;
  readonly maxHeld: number;
}

/** HTTP connections for each place in flight: a client may keep an idle one open. */
const CONNECTIONS_PER_PLACE = 4;
/** Milliseconds that requests in flight have to finish when the bridge closes. */
const CLOSE_GRACE_MS = 5_000;

/** The HTTP server of a bridge. */
export class BridgeServer {
  readonly #server: Server;

  constructor({ maxInFlight, maxHeld }: Places, serve: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#server = createServer({ keepAliveTimeout: 5_000 });
    // Node drops what is over a number of headers without a word. The bound is that on their bytes.
    this.#server.maxHeadersCount = 0;
    this.#server.maxConnections = maxInFlight * CONNECTIONS_PER_PLACE + maxHeld;
    this.#server.on('request', serve);
    // Before `100 Continue` the same guards apply: a body that would be refused is not asked for.
    this.#server.on('checkContinue', serve);
    this.#server.on('connect', (_request, socket) => {
      // The server no longer looks after this connection: an error without a listener ends the process, and a client that stays keeps it.
      socket.on('error', () => {});
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', () =>
        socket.destroy(),
      );
    });
  }

  /** Starts to listen; resolves with the URL. Rejects with the system's error. */
  listen({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        // A later error is a connection that could not be accepted; its client sees that.
        this.#server.on('error', () => {});
        const { address, family, port: bound } = this.#server.address() as AddressInfo;
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  /** Takes no new requests, lets those in flight finish for a bounded time, then drops the rest. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(timer);
  }
}
