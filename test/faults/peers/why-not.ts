import { DialError } from '../../../proxy/transport/dial/dial-error.js';

/**
 * Why a dial led to no connection, in one word for all kinds of peers: the label of a refusal, the system's code, or `tls` with the
 * code of the library.
 */
export function whyNot(error: unknown): string {
  if (error instanceof DialError) {
    const { failure } = error;
    if (failure.t === 'refused') return failure.reason;
    return 'code' in failure ? `${failure.t} ${failure.code}` : failure.t;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return /SSL|TLS|CERT/.test(code) ? `tls ${code}` : `unreachable ${code}`;
}
