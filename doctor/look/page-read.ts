import { type Failed, failureOf } from './way.js';

/** A page of this host, whatever its status. */
export interface Page {
  readonly t: 'page';
  readonly status: number;
  readonly body: string;
}

/** Largest page that is read, bytes: Envoy's configuration, or the metrics of a large fleet. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** Reads a page; of a longer one the beginning. */
export async function readPage(url: URL, timeout: number): Promise<Page | Failed> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeout), redirect: 'error' });
    return { t: 'page', status: response.status, body: await beginningOf(response) };
  } catch (error) {
    const { cause } = error as Error;
    return failureOf(cause instanceof Error && 'code' in cause ? cause : error, timeout);
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_PAGE_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}
