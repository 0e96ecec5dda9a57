/** One mask, as bytes and as the word that they make in this machine's order. */
const maskBytes = new Uint8Array(4);
const maskWord = new Int32Array(maskBytes.buffer);
/** The last memory that was looked at as words: one read holds many messages. Kept until the next comes. */
let memory: ArrayBufferLike = new ArrayBuffer(0);
let words32: Int32Array = new Int32Array(memory);

function wordsOf(buffer: ArrayBufferLike): Int32Array {
  if (buffer !== memory) {
    memory = buffer;
    words32 = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  }
  return words32;
}

/** Below this length, bytes, a view of words costs more than it saves. */
const MIN_WORDS_BYTES = 32;

/**
 * Takes the mask off a payload, in place (RFC 6455 §5.3); done twice it puts it on again. Word by word: the addon that others
 * use for this is no faster at the sizes of our messages, and has to be built.
 *
 * @param maskAt where the four bytes of the mask stand in `buffer`
 */
export function unmask(buffer: Buffer, maskAt: number, from: number, length: number): void {
  const end = from + length;
  const start = length < MIN_WORDS_BYTES ? end : from + (-(buffer.byteOffset + from) & 3);
  let at = from;
  while (at < start) {
    buffer[at] = (buffer[at] ?? 0) ^ (buffer[maskAt + ((at - from) & 3)] ?? 0);
    at += 1;
  }
  if (at === end) return;
  const count = (end - at) >> 2;
  for (let byte = 0; byte < 4; byte += 1) maskBytes[byte] = buffer[maskAt + ((at - from + byte) & 3)] ?? 0;
  const mask = maskWord[0] ?? 0;
  const words = wordsOf(buffer.buffer);
  const first = (buffer.byteOffset + at) >> 2;
  for (let word = first; word < first + count; word += 1) words[word] = (words[word] ?? 0) ^ mask;
  for (at += count * 4; at < end; at += 1) {
    buffer[at] = (buffer[at] ?? 0) ^ (buffer[maskAt + ((at - from) & 3)] ?? 0);
  }
}
