import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { WebSocket } from 'ws';
import { hello } from './fixtures.js';
import type { IssuedCertificate } from './raw-authority.js';
import { reasonIn } from './stack.js';

/** The addresses and certificates of a storm. */
export interface StormPlan {
  /** Address below which each pair has a meetup of its own. */
  readonly url: string;
  readonly ca: string;
  readonly pairs: number;
  /** Certificates that the peers share in turn. */
  readonly credentials: readonly IssuedCertificate[];
}

/** Numbers of peers by their fate: `paired`, the name of the refusal, or the error of the connection. */
export type Tally = Readonly<Record<string, number>>;

/** All peers of all pairs dial in one turn and say HELLO; paired peers stay until the fate of every peer is known. */
export async function storm({ url, ca, pairs, credentials }: StormPlan): Promise<Tally> {
  // Each certificate has one context, since a context for each connection would slow the storm down.
  const agents = credentials.map(({ certificate, key }) => {
    return new Agent({ secureContext: createSecureContext({ ca, cert: certificate, key }), maxCachedSessions: 0 });
  });
  const sockets = Array.from({ length: 2 * pairs }, (_, at) => {
    const agent = agents[at % agents.length];
    return new WebSocket(`${url}storm/${at % pairs}`, { perMessageDeflate: false, ...(agent && { agent }) });
  });
  const ends = await Promise.all(sockets.map(fareOf));
  const open = sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED);
  const closed = open.map((socket) => new Promise((resolve) => socket.on('close', resolve)));
  for (const socket of open) socket.terminate();
  await Promise.all(closed);
  const tally: Record<string, number> = {};
  for (const end of ends) tally[end] = (tally[end] ?? 0) + 1;
  return tally;
}

function fareOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('open', () => socket.send(hello()));
    socket.on('message', () => resolve('paired'));
    socket.on('close', (code) => resolve(`closed ${code}`));
    socket.on('error', (error) => resolve(error.message));
    socket.on('unexpected-response', (request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        resolve(reasonIn(body).reason);
        request.destroy();
      });
    });
  });
}
