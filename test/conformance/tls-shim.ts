import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:tls';
import type { IssuedCertificate } from '../support/raw-authority.js';

/** The other end of the shim. */
export interface ShimTarget {
  /** A port of loopback. */
  readonly port: number;
  readonly ca: string;
  readonly credential: IssuedCertificate;
}

/** Puts TLS with a client certificate, and HTTP/2 as what is spoken, round a tool that has neither. */
export class TlsShim {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(target: ShimTarget) {
    this.#server = createServer({ allowHalfOpen: true }, (plain) => this.#join(plain, target));
  }

  static async listen(target: ShimTarget): Promise<TlsShim> {
    const shim = new TlsShim(target);
    shim.#server.listen(0, '127.0.0.1');
    await once(shim.#server, 'listening');
    return shim;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #join(plain: Socket, { port, ca, credential: { certificate: cert, key } }: ShimTarget): void {
    const where = { host: '127.0.0.1', port, servername: 'localhost', ALPNProtocols: ['h2'] };
    const secure = connect({ ...where, ca, cert, key });
    for (const [one, other] of [
      [plain, secure],
      [secure, plain],
    ] as const) {
      this.#open.add(one);
      one
        .on('error', () => {})
        .once('close', () => {
          this.#open.delete(one);
          other.destroy();
        });
    }
    plain.pipe(secure).pipe(plain);
  }
}
