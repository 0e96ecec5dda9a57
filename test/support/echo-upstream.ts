import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** A request as the upstream got it: the path as it came, and all values of each header by its lower-case name. */
export interface EchoRecord {
  readonly path: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

export interface EchoUpstream {
  readonly path: string;
  readonly sockets: ReadonlySet<WebSocket>;
  stop(): Promise<void>;
}

/**
 * A real HTTP and websocket server on a unix socket that tells in `x-seen` what reached it, in `x-served-by` the name that it was given,
 * and echoes every message.
 */
export async function startEchoUpstream(path: string, name = ''): Promise<EchoUpstream> {
  const server = createServer((request, response) => response.writeHead(200, { 'x-seen': encode(request) }).end());
  const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  websockets.on('headers', (headers, request) => headers.push(`x-seen: ${encode(request)}`, `x-served-by: ${name}`));
  server.on('upgrade', (request, socket, head) => {
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('message', (data, binary) => websocket.send(data, { binary }));
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    sockets: websockets.clients,
    async stop() {
      for (const websocket of websockets.clients) websocket.terminate();
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Reads the header `x-seen`. */
export function decodeSeen(header: string): EchoRecord {
  return JSON.parse(Buffer.from(header, 'base64url').toString());
}

function encode(request: IncomingMessage): string {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    headers[name] = [...(headers[name] ?? []), request.rawHeaders[index + 1] ?? ''];
  }
  return Buffer.from(JSON.stringify({ path: request.url, headers })).toString('base64url');
}
