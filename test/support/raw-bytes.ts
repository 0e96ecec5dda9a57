import { connect, type TLSSocket } from 'node:tls';
import type { IssuedCertificate } from './raw-authority.js';

/** A TLS connection through the edge on which a test writes bytes itself. */
export class RawLine {
  readonly socket: TLSSocket;
  /** Resolves with all bytes that came when the other end has closed or broken off. */
  readonly ended: Promise<string>;
  #text = '';
  #look: (() => void) | undefined;

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#look?.();
    });
    socket.on('error', () => {});
    this.ended = new Promise((resolve) => socket.once('close', () => resolve(this.#text)));
  }

  /** Resolves when the handshake is done. */
  static open(port: number, ca: string, { certificate, key }: IssuedCertificate): Promise<RawLine> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca,
        cert: certificate,
        key,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => resolve(new RawLine(socket)));
    });
  }

  write(...lines: readonly string[]): void {
    this.socket.write(lines.join('\r\n'), 'latin1');
  }

  /** Resolves with the text so far once it matches. */
  until(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (!pattern.test(this.#text)) return;
        this.#look = undefined;
        resolve(this.#text);
      };
      this.#look();
    });
  }
}
