const LF = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;

/** What a NATS server says: a message, whose payload is shown, or a line of its own, which is shown without its end. */
export interface NatsSink {
  message(buffer: Buffer, at: number, length: number): void;
  line(text: string): void;
}

/** Reads a NATS server's side of a connection. As the reader of frames, it trusts the server and copies nothing that lies in one piece. */
export class NatsReader {
  readonly #sink: NatsSink;
  /** The start of what has not arrived in full. */
  #kept: Buffer = Buffer.alloc(0);

  constructor(sink: NatsSink) {
    this.#sink = sink;
  }

  push(piece: Buffer): void {
    const chunk = this.#kept.length === 0 ? piece : Buffer.concat([this.#kept, piece]);
    let at = 0;
    for (let next = this.#one(chunk, at); next > at; next = this.#one(chunk, at)) at = next;
    this.#kept = Buffer.from(chunk.subarray(at));
  }

  /** Shows what begins at `at`, and gives the place after it; `at` itself while some of it is missing. */
  #one(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    if (end < 0) return at;
    if (chunk[at] !== 'M'.charCodeAt(0)) {
      this.#sink.line(chunk.toString('latin1', at, end - 1));
      return end + 1;
    }
    const length = lengthBefore(chunk, end - 1);
    const next = end + 1 + length + '\r\n'.length;
    if (next > chunk.length) return at;
    this.#sink.message(chunk, end + 1, length);
    return next;
  }
}

/** The number whose digits end before `end`: the last word of `MSG subject sid [reply] length`. */
function lengthBefore(chunk: Buffer, end: number): number {
  let length = 0;
  let unit = 1;
  for (let at = end - 1; isDigit(chunk[at]); at -= 1) {
    length += ((chunk[at] ?? 0) - ZERO) * unit;
    unit *= 10;
  }
  return length;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
