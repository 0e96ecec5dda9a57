import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';

/** The upgrade that its client asked for. */
export const UPGRADE = {
  method: 'GET',
  url: '/',
  headers: { upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
} as unknown as IncomingMessage;

/** A connection whose client is the test. */
export class Line extends Duplex {
  readonly #sent: Buffer[] = [];

  override _read(): void {}

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#sent.push(chunk);
    done();
  }

  /** The frames that the client got after the 101: first byte and payload; of a close frame only the code. */
  get frames(): string[] {
    const bytes = Buffer.concat(this.#sent);
    const told: string[] = [];
    for (let at = bytes.indexOf('\r\n\r\n') + 4; at < bytes.length; ) {
      const [first = 0, length = 0] = bytes.subarray(at, at + 2);
      const payload = bytes.subarray(at + 2, at + 2 + length);
      told.push(`${first.toString(16)} ${(first === 0x88 ? payload.subarray(0, 2) : payload).toString('hex')}`);
      at += 2 + length;
    }
    return told;
  }
}
