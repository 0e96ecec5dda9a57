import type { IncomingMessage } from 'node:http';
import { status as Code } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import { badField, Fault } from '../rpc/fault.js';

/** Largest body of a request in JSON, bytes. */
export const MAX_JSON_BYTES = 65_536;
/** Time that a body has to arrive, milliseconds. */
const BODY_TIME = 10_000;

/** The body is longer than a request may be. */
export class TooLong extends Fault {
  constructor() {
    super(Code.RESOURCE_EXHAUSTED, 'REQUEST_TOO_LONG', `the body is longer than ${MAX_JSON_BYTES} bytes`);
  }
}

/** Reads the whole body. Rejects with Fault when it is too long or does not arrive in time, and then reads no more of it. */
export function bodyOf(request: IncomingMessage, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const give = (error: Error): void => {
      cancel();
      request.pause();
      reject(error);
    };
    const cancel = clock.after(BODY_TIME, () => give(badField('body', `did not arrive within ${BODY_TIME / 1000} s`)));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_JSON_BYTES) give(new TooLong());
      else chunks.push(chunk);
    });
    request.once('end', () => {
      cancel();
      resolve(Buffer.concat(chunks));
    });
    // The client is gone, so nobody can be told.
    request.once('error', give);
  });
}
