import type { IncomingMessage } from 'node:http';

/** The reasons why a body cannot be read. */
export type BodyProblem = 'too_big' | 'broken_off' | 'unknown_transfer';

export type BodyReading = { readonly bytes: Buffer } | { readonly problem: BodyProblem };

/**
 * Reads the body of an HTTP message as it stands, its content codings left on. `limit` bounds its bytes. A body is whole only where the
 * framing says so: when the connection is lost, Node ends the stream as if the body had ended.
 */
export async function readBody(message: IncomingMessage, limit: number): Promise<BodyReading> {
  const transfer = message.headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') return { problem: 'unknown_transfer' };
  if (Number(message.headers['content-length'] ?? 0) > limit) return { problem: 'too_big' };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > limit) return { problem: 'too_big' };
      chunks.push(chunk);
    }
  } catch {
    return { problem: 'broken_off' };
  }
  return message.complete ? { bytes: Buffer.concat(chunks) } : { problem: 'broken_off' };
}

/** Reads the body of a request that has `timeout` milliseconds for it; bytes that come later are not looked at. */
export function readBodyWithin(
  timeout: number,
  message: IncomingMessage,
  limit: number,
): Promise<BodyReading | { readonly problem: 'late' }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ problem: 'late' }), timeout);
    void readBody(message, limit).then((reading) => {
      clearTimeout(timer);
      resolve(reading);
    });
  });
}
