import { once as event } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DialError, failed } from '../../proxy/transport/dial/dial-error.js';
import { lookupLocalhost } from '../../proxy/transport/dial/localhost.js';
import { type HttpProxy, openTunnel } from '../../proxy/transport/dial/tunnel.js';

/** Something that could not be done. */
export interface Failed {
  readonly t: 'failed';
  /** The system's or OpenSSL's word, such as `ECONNREFUSED`; `TIMEOUT` when it took too long. */
  readonly code: string;
  /** In words. */
  readonly text: string;
}

/** A destination, and the way to it. */
export interface Way {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
  /** The HTTP proxy on the way, where there is one. */
  readonly via: HttpProxy | undefined;
  /** Longest wait for each step, milliseconds. */
  readonly timeout: number;
}

/** Opens a connection; the socket is the caller's to destroy. */
export async function openWay({ host, port, via, timeout }: Way): Promise<{ t: 'open'; socket: Socket } | Failed> {
  const signal = AbortSignal.timeout(timeout);
  if (via !== undefined) {
    try {
      return { t: 'open', socket: await openTunnel(via, { host, port }, () => {}, signal) };
    } catch (error) {
      return failureOf(error, timeout);
    }
  }
  const socket = connect({ host, port, lookup: lookupLocalhost });
  // The caller will listen for errors; until then an error with no listener would end the process.
  socket.on('error', () => {});
  try {
    await event(socket, 'connect', { signal });
    return { t: 'open', socket };
  } catch (error) {
    socket.destroy();
    return failureOf(error, timeout);
  }
}

/** The meaning of an error of the system, of TLS or of a tunnel. */
export function failureOf(error: unknown, timeout: number): Failed {
  if (isTimeout(error)) return late(timeout);
  if (error instanceof DialError) {
    const { failure, message } = error;
    return { t: 'failed', code: 'code' in failure ? failure.code : failure.t, text: message };
  }
  // When a name has several addresses and all refuse, the error of the first is told.
  const one = error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error);
  const { code = 'unknown' } = one as NodeJS.ErrnoException;
  return { t: 'failed', code, text: failed(one).message };
}

/** It took too long. */
export function late(timeout: number): Failed {
  return { t: 'failed', code: 'TIMEOUT', text: `no answer within ${timeout / 1000} s` };
}

function isTimeout(error: unknown): boolean {
  const names = [error, (error as Error | undefined)?.cause].map((one) => (one as Error | undefined)?.name);
  return names.includes('TimeoutError');
}
