import type { IncomingMessage } from 'node:http';

/** Reads the body of an answer as text, and stops behind `maxBytes`. A body that breaks off is what came of it. Never rejects. */
export async function bodyWithin(maxBytes: number, response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) break;
    }
  } catch {
    // The status is enough; the body only adds words.
  }
  return Buffer.concat(chunks).toString();
}
