import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { identityHeaders } from '../../support/service.js';
import { PREFIX } from '../../support/stack.js';
import { SIDES, type Side } from '../judge/history.js';
import { p99 } from '../judge/measure.js';

const MEETUP = 'sub/kept/inside';
/** Milliseconds between two messages of the pair, each of which is sent back. */
const EVERY_MS = 5;

/** A pair at the service's own socket, without Envoy: what it feels is what the service does, and no TLS. */
export class InsidePair {
  readonly #sockets: readonly WebSocket[];
  readonly #timer: NodeJS.Timeout;
  #waits: number[] = [];

  private constructor(asker: WebSocket, answerer: WebSocket) {
    this.#sockets = [asker, answerer];
    answerer.on('message', (data: Buffer) => answerer.send(data.toString()));
    asker.on('message', (data: Buffer) => this.#waits.push(performance.now() - Number(data.toString())));
    this.#timer = setInterval(() => asker.send(String(performance.now())), EVERY_MS);
  }

  static async meet(serviceSocket: string): Promise<InsidePair> {
    const [asker, answerer] = await Promise.all(SIDES.map((side, at) => sit(serviceSocket, side, at)));
    if (asker === undefined || answerer === undefined) throw new Error('a pair has two sides');
    return new InsidePair(asker, answerer);
  }

  /** What 99 of 100 messages took there and back since the last time, milliseconds. */
  take(): number {
    const waits = this.#waits;
    this.#waits = [];
    return p99(waits);
  }

  leave(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.terminate();
  }
}

/** Resolves when it has the other's HELLO. */
function sit(serviceSocket: string, side: Side, at: number): Promise<WebSocket> {
  const fingerprint = String(at).repeat(64);
  const subject = `CN=inside ${side},OU=${side},O=Acme`;
  const headers = {
    ...identityHeaders({ fingerprint }),
    'x-peer-subject': subject,
    'x-forwarded-client-cert': JSON.stringify([{ hash: fingerprint, subject }]),
  };
  const socket = new WebSocket(`ws+unix:${serviceSocket}:${PREFIX}${MEETUP}`, { headers, perMessageDeflate: false });
  const claims = { peerClass: 'faults', peerId: side };
  const message = { messageId: 0, messageType: 'CONN:HELLO', requiresResponse: false, ...claims };
  socket.on('open', () => socket.send(JSON.stringify({ message })));
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve(socket));
    socket.on('error', reject);
  });
}
