import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { broken } from './target.js';

/** How long a side waits for the other, milliseconds. */
export interface Patience {
  /** For the first byte back, before it says that it has no more to say; an answer may be on its way. */
  readonly answer: number;
  /** For the other end to hang up, after that; it may wait for more, and rightly. */
  readonly end: number;
}

/** For bytes that may be anything. */
const QUICK: Patience = { answer: 0, end: 200 };
/** For bytes that may be a request. */
export const WAITING: Patience = { answer: 20, end: 200 };
/** For a request that must be answered. */
const PATIENT: Patience = { answer: 10_000, end: 10_000 };
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Says those bytes on a connection of their own, and no more; resolves with all that came back. */
export function say(where: NetConnectOpts, bytes: Buffer, patience = QUICK): Promise<Buffer> {
  return sayOn(connect({ ...where, allowHalfOpen: true }), bytes, patience);
}

/** The same of a whole request, which asks to have the connection closed behind its answer. */
export function ask(where: NetConnectOpts, request: string | Buffer): Promise<HttpAnswer> {
  return askOn(connect(where), request);
}

/** The same on a connection that is there, or is going to be. */
export async function askOn(socket: Socket, request: string | Buffer): Promise<HttpAnswer> {
  return onlyAnswer(await sayOn(socket, Buffer.from(request), PATIENT));
}

/** As `say`, on a connection that is there, or is going to be. */
export function sayOn(socket: Socket, bytes: Buffer, patience: Patience): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let timer: NodeJS.Timeout;
    const end = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), patience.end);
      socket.end();
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) socket.destroy();
      else if (chunks.length === 1 && patience !== PATIENT) end();
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
    socket.write(bytes);
    if (patience.answer === 0) end();
    else timer = setTimeout(end, patience.answer);
  });
}

/** One answer of HTTP. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case, and values, as they came. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) ([\t -~\x80-\xff]*)$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*)$/;

/** Reads an answer that is the whole of what came, with its length told. Throws where it is not whole, or more than one. */
function onlyAnswer(bytes: Buffer): HttpAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  const [first = '', ...lines] = bytes.toString('latin1', 0, Math.max(0, end)).split('\r\n');
  const [, status] = STATUS_LINE.exec(first) ?? broken(`no status line: ${JSON.stringify(first.slice(0, 80))}`);
  const headers = lines.map((line): readonly [string, string] => {
    const [, name = '', value = ''] = HEADER.exec(line) ?? broken(`no header: ${JSON.stringify(line)}`);
    return [name.toLowerCase(), value];
  });
  const lengths = headers.filter(([name]) => name === 'content-length').map(([, value]) => Number(value));
  if (lengths.length > 1) broken('it has more than one length');
  if (headers.some(([name]) => name === 'transfer-encoding')) broken('its length is not told');
  const body = bytes.subarray(end + 4);
  const isEmpty = status === '204' || status === '304';
  if (body.length !== (isEmpty ? 0 : lengths[0])) broken(`of ${lengths[0]} bytes ${body.length} came`);
  return { status: Number(status), headers, body };
}
