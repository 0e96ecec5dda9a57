import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { fromRaw, type NameValue } from './headers.js';
import { readBody } from './http-body.js';
import { hasNoContent } from './rest.js';
import { ofError, ofProblem, UpstreamFailure } from './upstream-failure.js';
import { startRequest, type UpstreamHead } from './upstream-request.js';

/** One request to the HTTP API. */
export interface UpstreamOrder extends UpstreamHead {
  readonly bytes: Buffer;
  /** Bytes of the response's body. */
  readonly maxBody: number;
  /** Ends the call. Its reason, an {@link UpstreamFailure}, is what the call rejects with. */
  readonly signal: AbortSignal;
}

/** A whole response of the HTTP API, its bytes as they came but for the transfer coding. */
export interface UpstreamAnswer {
  readonly statusCode: number;
  readonly reasonPhrase: string;
  readonly headers: readonly NameValue[];
  readonly bytes: Buffer;
}

/** Methods that may be sent twice without harm (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * Sends a request and reads the whole response. Rejects with {@link UpstreamFailure}, and settles whatever the API does: at the latest
 * when the signal fires. The API may close an idle connection just as it is used again; then, where it does no harm, a second
 * connection is tried.
 */
export function callUpstream(order: UpstreamOrder): Promise<UpstreamAnswer> {
  return attempt(order, IDEMPOTENT.has(order.method));
}

function attempt(order: UpstreamOrder, again: boolean): Promise<UpstreamAnswer> {
  const { method, bytes, signal } = order;
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(order);
    let response: IncomingMessage | undefined;
    const undo = (): void => signal.removeEventListener('abort', abort);
    const settle = (failure: UpstreamFailure): void => {
      undo();
      reject(failure);
      // The call is rejected first: a destroyed connection ends a body that has no length as if it were whole.
      outgoing.destroy();
    };
    const abort = (): void => settle(signal.reason as UpstreamFailure);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) return abort();
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (response?.complete === true) return;
      const failure = ofError(error);
      const isStale = outgoing.reusedSocket && failure.reason === 'broken_off' && response === undefined;
      if (!again || !isStale) return settle(failure);
      undo();
      resolve(attempt(order, false));
    });
    // Nobody asked for another protocol. Without a listener Node ends the connection and says nothing to anybody.
    outgoing.on('upgrade', (_message, socket) => {
      socket.on('error', () => {});
      socket.destroy();
      settle(upgraded());
    });
    outgoing.on('close', () => {
      if (response === undefined) settle(new UpstreamFailure('broken_off', 'the HTTP API broke the connection off'));
    });
    outgoing.on('response', (message) => {
      response = message;
      message.on('error', () => {});
      read(method, message, order.maxBody).then((answer) => {
        undo();
        resolve(answer);
      }, settle);
    });
    outgoing.end(bytes);
  });
}

async function read(method: string, message: IncomingMessage, maxBody: number): Promise<UpstreamAnswer> {
  const { statusCode = 0, statusMessage = '' } = message;
  if (statusCode === 101) throw upgraded();
  if (statusCode < 200 || statusCode > 599) {
    throw new UpstreamFailure('invalid', `the HTTP API answered with status ${statusCode}`);
  }
  const head = { statusCode, reasonPhrase: statusMessage, headers: fromRaw(message.rawHeaders) };
  if (hasNoContent(method, statusCode)) {
    message.resume();
    return { ...head, bytes: Buffer.alloc(0) };
  }
  const end = watchEnd(message.socket);
  try {
    const reading = await readBody(message, maxBody);
    if ('problem' in reading) throw ofProblem(reading.problem, maxBody);
    if (isEndedByClose(message) && end.wasReset()) throw ofProblem('broken_off', maxBody);
    return { ...head, bytes: reading.bytes };
  } finally {
    end.unwatch();
  }
}

/** Whether the end of the connection is the end of the body (RFC 9112 §6.3). */
function isEndedByClose({ headers }: IncomingMessage): boolean {
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

/**
 * Looks whether a connection that ends was reset. libuv reports the end of the stream when a reset comes together with the last bytes, and
 * a body without a length would count as whole. The system knows better: a connection that was reset has no remote address any more.
 */
function watchEnd(socket: Socket): { wasReset(): boolean; unwatch(): void } {
  // A unix socket has no addresses, and a reset of it is seen.
  const hasAddress = socket.localAddress !== undefined;
  let wasReset = false;
  const look = (): void => {
    wasReset = hasAddress && socket.remoteAddress === undefined;
  };
  // Before the client's own listener, which closes this side, too.
  socket.prependOnceListener('end', look);
  return { wasReset: () => wasReset, unwatch: () => socket.off('end', look) };
}

function upgraded(): UpstreamFailure {
  return new UpstreamFailure('upgraded', 'the HTTP API switched protocols (101), which nobody asked it to do');
}
