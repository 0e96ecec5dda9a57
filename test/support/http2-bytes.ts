/** HTTP/2 as bytes (RFC 9113, RFC 7541), for what no client library would send. */

const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
/** Flags of HEADERS: the list is whole, and the stream goes on or ends there. */
const END_HEADERS = 4;
const WHOLE = END_HEADERS | 1;
const CANCEL = 8;
/** Entries of HPACK's static table: `:method: POST`, `:scheme: http`. */
const POST_OVER_HTTP = Buffer.from([0x83, 0x86]);
/** Longest integer that stands in the seven bits of a length. */
const SHORT = 127;

/** How a client begins. */
export const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(SETTINGS, 0, 0, Buffer.alloc(0)),
]);

/** A call on that stream, with nothing in it. */
export function call(stream: number, path: string, headers: Readonly<Record<string, string>>, flags = WHOLE): Buffer {
  const fields = { ':path': path, ':authority': 'localhost', te: 'trailers', ...headers };
  const list = Object.entries(fields).map(([name, value]) =>
    Buffer.concat([Buffer.from([0]), text(name), text(value)]),
  );
  return frame(HEADERS, flags, stream, Buffer.concat([POST_OVER_HTTP, ...list]));
}

/** A call, and at once the word that nobody wants it any more, with that error code. */
export function callTakenBack(
  stream: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  code: number = CANCEL,
): Buffer {
  const reset = frame(RST_STREAM, 0, stream, Buffer.from([0, 0, 0, code]));
  return Buffer.concat([call(stream, path, headers, END_HEADERS), reset]);
}

/** Whether a stream is answered to its end in what came from a server. */
export function isAnswered(came: Buffer, stream: number): boolean {
  for (let at = 0; at + 9 <= came.length; at += 9 + came.readUIntBE(at, 3)) {
    const [isOfIt, isHead] = [came.readUInt32BE(at + 5) === stream, came[at + 3] === HEADERS];
    if (isOfIt && isHead && ((came[at + 4] ?? 0) & 1) === 1) return true;
  }
  return false;
}

function frame(type: number, flags: number, stream: number, body: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

function text(value: string): Buffer {
  const length = Buffer.byteLength(value);
  if (length < SHORT) return Buffer.concat([Buffer.from([length]), Buffer.from(value)]);
  const bytes = [SHORT];
  for (let rest = length - SHORT; ; rest >>= 7) {
    bytes.push(rest < 128 ? rest : (rest & 127) | 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from(bytes), Buffer.from(value)]);
}
