import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Issued } from './raw-authority.js';

/** Opens a websocket through the edge; rejects when it is refused. */
export async function openLive(port: number, path: string, ca: string, credential: Issued): Promise<WebSocket> {
  const websocket = new WebSocket(`wss://localhost:${port}${path}`, {
    ca,
    cert: credential.certificate,
    key: credential.key,
    perMessageDeflate: false,
  });
  await once(websocket, 'open');
  return websocket;
}

/** Sends one message to an upstream that echoes and returns what comes back. */
export async function echo(websocket: WebSocket, text: string): Promise<string> {
  const answer = once(websocket, 'message');
  websocket.send(text);
  const [data] = await answer;
  return String(data);
}
