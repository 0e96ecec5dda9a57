import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { PeerConnection } from '../../peer/connection.js';
import { hello } from '../support/fixtures.js';
import { reached } from '../support/peers.js';
import { identityHeaders, type Service } from '../support/service.js';

/** The other peer of a meetup, who writes whatever it is told to. */
export class HostilePartner {
  readonly #service: Service;
  readonly #path: string;
  readonly #peer: PeerConnection;
  readonly #hear: (text: string) => void;
  #ws: WebSocket | undefined;

  /** @param hear is told each message of the peer, its HELLO but one */
  constructor(service: Service, path: string, peer: PeerConnection, hear: (text: string) => void) {
    this.#service = service;
    this.#path = path;
    this.#peer = peer;
    this.#hear = hear;
  }

  /** Sends a text, on a new connection if what went before ended the old one. */
  async send(bytes: Buffer): Promise<void> {
    const ws = await this.#connected();
    ws.send(bytes, { binary: false });
  }

  close(): void {
    this.#ws?.terminate();
  }

  async #connected(): Promise<WebSocket> {
    if (this.#ws?.readyState === WebSocket.OPEN && this.#peer.state.kind === 'paired') return this.#ws;
    this.#ws?.terminate();
    const headers = identityHeaders({ cn: 'hostile', fingerprint: 'c'.repeat(64) });
    const ws = new WebSocket(`ws+unix:${this.#service.socketPath}:${this.#path}`, { headers });
    this.#ws = ws;
    ws.on('error', () => {});
    await once(ws, 'open');
    ws.send(hello('hostile'));
    await once(ws, 'message');
    ws.on('message', (data) => this.#hear(data.toString()));
    await reached(this.#peer, 'paired');
    return ws;
  }
}
