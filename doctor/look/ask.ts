import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { bodyWithin } from '../../proxy/transport/dial/bounded-body.js';
import { type Kind, kindOf } from './answer-kind.js';
import { type OwnCredentials, openTls } from './tls-look.js';
import { type Failed, failureOf, late, type Way } from './way.js';

/** An HTTP request. */
export interface Question {
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Asks for a websocket; one that is granted is given back at once, without a HELLO, by which alone a seat is taken. */
  readonly upgrade?: true;
}

/** The server's response. */
export interface Answer {
  readonly t: 'answered';
  /** 101: a websocket was granted. */
  readonly status: number;
  /** The answerer, and its word for the answer. */
  readonly kind: Kind;
  readonly reason: string;
  readonly message: string;
  /** The server's clock less ours, milliseconds, within half of the time that the answer took; undefined without a `Date`. */
  readonly skew: number | undefined;
}

/** Bytes of an answer that are read. */
const MAX_BODY_BYTES = 64 * 1024;
/** A close frame of a client without a code, masked with zeros (RFC 6455 §5.5.1). */
const CLOSE_FRAME = Buffer.of(0x88, 0x80, 0, 0, 0, 0);
/** The `Date` header counts whole seconds: on average it is half of one behind. Milliseconds. */
const HALF_SECOND = 500;

/** Asks on a connection of its own. */
export async function ask(
  way: Way,
  own: OwnCredentials,
  servername: string,
  question: Question,
): Promise<Answer | Failed> {
  const opened = await openTls(way, own, { servername, ALPNProtocols: ['http/1.1'] });
  if (opened.t === 'failed') return opened;
  const { socket } = opened;
  try {
    return await exchange(socket, way, question);
  } finally {
    socket.destroySoon();
  }
}

function exchange(socket: TLSSocket, { host, port, timeout }: Way, question: Question): Promise<Answer | Failed> {
  const sent = Date.now();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(late(timeout));
      socket.destroy();
    }, timeout);
    const answered = (response: IncomingMessage, body: string): void => {
      clearTimeout(timer);
      resolve(answerOf(response, body, sent, Date.now()));
    };
    const request = requestHttp({
      createConnection: () => socket,
      host,
      port,
      path: question.path,
      headers: { ...(question.upgrade && upgradeHeaders()), ...question.headers },
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      resolve(failureOf(error, timeout));
    });
    request.on('upgrade', (response) => {
      answered(response, '');
      socket.end(CLOSE_FRAME);
    });
    request.on(
      'response',
      (response) => void bodyWithin(MAX_BODY_BYTES, response).then((body) => answered(response, body)),
    );
    request.end();
  });
}

function upgradeHeaders(): OutgoingHttpHeaders {
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  };
}

function answerOf(response: IncomingMessage, body: string, sent: number, taken: number): Answer {
  const { statusCode: status = 0, headers } = response;
  const date = Date.parse(headers.date ?? '');
  const skew = Number.isNaN(date) ? undefined : date + HALF_SECOND - (sent + taken) / 2;
  return { t: 'answered', status, ...kindOf(status, body), skew };
}
