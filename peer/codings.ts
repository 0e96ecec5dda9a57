import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';

type Decoder = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Buffer, ZlibOptions, Buffer>(inflate),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
};

/** The most codings of one body that are undone; senders apply one at most. */
const MAX_CODINGS = 2;

/**
 * A body without its content codings, for a deployed peer, which cannot be told of them. `coded` where they cannot be undone: the coding is not
 * known, or the bytes are not of that coding. `limit` bounds the bytes after each coding, so that a bomb stops there.
 */
export type DecodedBody = { readonly bytes: Buffer } | { readonly problem: 'coded' | 'too_big' };

/** Undoes the codings of a `Content-Encoding`; never throws. */
export async function undoCodings(coded: Buffer, encoding: string, limit: number): Promise<DecodedBody> {
  const codings = codingsOf(encoding);
  if (codings === undefined) return { problem: 'coded' };
  let bytes = coded;
  if (bytes.length === 0) return { bytes };
  for (const coding of codings) {
    try {
      bytes = await coding(bytes, { maxOutputLength: limit });
    } catch (error) {
      const isBomb = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return { problem: isBomb ? 'too_big' : 'coded' };
    }
  }
  return { bytes };
}

function codingsOf(encoding: string): readonly Decoder[] | undefined {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const known = names.flatMap((name) => (Object.hasOwn(decoders, name) ? (decoders[name] ?? []) : []));
  return known.length === names.length && names.length <= MAX_CODINGS ? known.reverse() : undefined;
}
