import { DialError } from '../../../proxy/transport/dial/dial-error.js';

/**
 * Why a dial led to no connection, in one word for all kinds of peers: the label of a refusal, the system's code, or `tls` with the
 * code of the library.
 */
export function whyNot(error: unknown): string {
  if (error instanceof DialError) {
    const { failure } = error;
    if (failure.kind === 'refused') return failure.reason;
    return 'code' in failure ? `${failure.kind} ${failure.code}` : failure.kind;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return /SSL|TLS|CERT/.test(code) ? `tls ${code}` : `unreachable ${code}`;
}
