import { DialError } from '../proxy/transport/dial/dial-error.js';
import { DerFault } from '../proxy/x509/encoding/der.js';
import { pemBlocks } from '../proxy/x509/encoding/pem.js';
import { handshakeOf } from '../proxy/x509/handshake.js';

/** The kinds of failure that may be a refusal of our own certificate: TLS reports it by an alert, by a cut line, or not at all. */
const SUSPECT = new Set(['tls', 'unreachable']);

/**
 * The error of a dial. Where a refusal of our own certificate may be the cause, it says what is wrong with that certificate: TLS names no
 * key, usage or clock. `cert` is PEM; `now` is the wall clock, milliseconds.
 */
export function withOwnFault(error: unknown, cert: string | undefined, now: number): unknown {
  if (!(error instanceof DialError) || !SUSPECT.has(error.failure.t) || cert === undefined) return error;
  const fault = faultIn(cert, now);
  if (fault === undefined || error.message.startsWith("the server's certificate")) return error;
  const isEarly = fault.startsWith('it is not valid before');
  return new DialError(`${error.message}; of our own certificate: ${fault}`, {
    ...error.failure,
    ...(error.failure.t === 'tls' && { retry: isEarly ? 'later' : 'never' }),
  });
}

function faultIn(cert: string, now: number): string | undefined {
  const [own] = pemBlocks(cert, 'CERTIFICATE') ?? [];
  if (own === undefined) return undefined;
  try {
    return handshakeOf(own, now).fault;
  } catch (fault) {
    if (fault instanceof DerFault) return undefined;
    throw fault;
  }
}
