import { randomBytes } from 'node:crypto';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { IssuedCertificate } from './raw-authority.js';

/** One HTTP request, written byte by byte: no client library tidies the path or the headers. */
export interface RawRequest {
  readonly port: number;
  readonly ca: string;
  readonly credential?: IssuedCertificate;
  /** The target as it stands in the request line. */
  readonly path: string;
  readonly method?: string;
  /** `localhost` when absent. */
  readonly host?: string;
  /** Header lines besides Host and those of the websocket upgrade. */
  readonly headers?: readonly string[];
  /** False leaves the headers of the upgrade out. */
  readonly upgrade?: boolean;
  /** Sent as it is behind the head. */
  readonly body?: string;
  readonly tls?: ConnectionOptions;
}

export interface RawAnswer {
  readonly status: number;
  /** Lower-case names; the last value of each. */
  readonly headers: ReadonlyMap<string, string>;
  /** Empty for a 101. */
  readonly body: string;
}

/** Sends the request on a TLS connection of its own. Rejects with OpenSSL's error when the handshake is refused. */
export function sendRaw(request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: request.port,
      servername: 'localhost',
      ca: request.ca,
      ...(request.credential && { cert: request.credential.certificate, key: request.credential.key }),
      ...request.tls,
    });
    collect(socket, resolve);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
    socket.write(textOf(request));
  });
}

function collect(socket: TLSSocket, answer: (answer: RawAnswer) => void): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const parsed = parse(text);
    if (parsed === undefined) return;
    answer(parsed);
    socket.destroy();
  });
}

function parse(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map(lines.map((line) => splitHeader(line)));
  const body = text.slice(end + 4);
  if (body.length < Number(headers.get('content-length') ?? 0)) return undefined;
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function textOf({
  method = 'GET',
  host = 'localhost',
  path,
  headers = [],
  upgrade = true,
  body = '',
}: RawRequest): string {
  const ofUpgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
  ];
  return [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...(upgrade ? ofUpgrade : []), ...headers, '', body].join(
    '\r\n',
  );
}
