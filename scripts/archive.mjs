import { gzipSync } from 'node:zlib';

const BLOCK = 512;
/** Characters of a path in a header of ustar: its end, and what stands before that. */
const NAME_CHARS = 100;
const PREFIX_CHARS = 155;

/**
 * A `.tgz` of files, given as `path: { bytes, mode }`. Its bytes depend on these and on the version of Node alone: sorted by path, of nobody,
 * and of one time in `seconds` since 1970.
 */
export function archive(files, seconds) {
  const blocks = [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([path, { bytes, mode }]) => [header(path, bytes.length, mode, seconds), bytes, padding(bytes.length)]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  // The system that it was made on: unknown.
  packed[9] = 255;
  return packed;
}

function header(path, size, mode, seconds) {
  const { name, prefix } = split(path);
  const block = Buffer.alloc(BLOCK);
  const put = (text, at) => block.write(text, at, 'utf8');
  put(name, 0);
  put(octal(mode, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), 124);
  put(octal(seconds, 11), 136);
  // The sum counts itself as eight spaces.
  put(' '.repeat(8), 148);
  put('0', 156);
  put('ustar\x0000', 257);
  put(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function split(path) {
  if (Buffer.byteLength(path) <= NAME_CHARS) return { name: path, prefix: '' };
  const at = path.indexOf('/', path.length - NAME_CHARS - 1);
  const parts = { name: path.slice(at + 1), prefix: path.slice(0, at) };
  if (at > 0 && Buffer.byteLength(parts.name) <= NAME_CHARS && Buffer.byteLength(parts.prefix) <= PREFIX_CHARS)
    return parts;
  throw new Error(`${path} is too long for an archive`);
}

function octal(number, digits) {
  return number.toString(8).padStart(digits, '0');
}

function padding(size) {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
