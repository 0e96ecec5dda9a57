import type { Socket } from 'node:net';

/** The first bytes of every HTTP/2 connection (RFC 9113 §3.4), and of none in HTTP/1. */
const PREFACE = Buffer.from('PRI * HTTP/2.0');

/** The servers of the two protocols. */
export interface Servers {
  readonly http2: (socket: Socket) => void;
  readonly http1: (socket: Socket) => void;
}

/**
 * Hands a connection to the server of the protocol that its first bytes speak, as if nothing had been read from it. A connection that
 * does not show its protocol within `time` milliseconds is closed.
 */
export function servedByProtocol(socket: Socket, time: number, { http2, http1 }: Servers): void {
  let seen = Buffer.alloc(0);
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const isHttp2 = seen.subarray(0, PREFACE.length).equals(PREFACE);
    if (!isHttp2 && PREFACE.subarray(0, seen.length).equals(seen)) return;
    socket.off('readable', look).off('error', ignored).off('timeout', close).setTimeout(0);
    socket.unshift(seen);
    if (isHttp2) http2(socket);
    else http1(socket);
  };
  const close = (): void => void socket.destroy();
  socket.on('readable', look).on('error', ignored).on('timeout', close).setTimeout(time);
}

/** A broken connection closes by itself. */
function ignored(): void {}
