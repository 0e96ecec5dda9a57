import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';

/** Why a body could not be read. */
export type BodyProblem = 'too_big' | 'bad_coding' | 'unknown_coding' | 'broken_off';

export type BodyReading = { readonly bytes: Buffer } | { readonly problem: BodyProblem };

type Decoder = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Buffer, ZlibOptions, Buffer>(inflate),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
};

/** Codings of one body that are undone; nobody applies more than one. */
const MAX_CODINGS = 2;

/**
 * Reads the body of an HTTP message and undoes its content coding, since the protocol does not carry `Content-Encoding`.
 * `limit` bounds the bytes on the wire and the bytes after each coding, so that a bomb stops there.
 */
export async function readBody(message: IncomingMessage, limit: number): Promise<BodyReading> {
  if (Number(message.headers['content-length'] ?? 0) > limit) return { problem: 'too_big' };
  const codings = codingsOf(message.headers['content-encoding']);
  if (codings === undefined) return { problem: 'unknown_coding' };
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
  return decode(Buffer.concat(chunks), codings, limit);
}

function codingsOf(header: string | undefined): readonly Decoder[] | undefined {
  const names = (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const known = names.flatMap((name) => decoders[name] ?? []);
  return known.length === names.length && names.length <= MAX_CODINGS ? known.reverse() : undefined;
}

async function decode(encoded: Buffer, codings: readonly Decoder[], limit: number): Promise<BodyReading> {
  let bytes = encoded;
  if (bytes.length === 0) return { bytes };
  for (const coding of codings) {
    try {
      bytes = await coding(bytes, { maxOutputLength: limit });
    } catch (error) {
      const isBomb = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return { problem: isBomb ? 'too_big' : 'bad_coding' };
    }
  }
  return { bytes };
}
