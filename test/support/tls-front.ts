import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type IssuedCertificate, RawAuthority } from './raw-authority.js';
import { identityHeaders } from './service.js';

const O = '2.5.4.10';

/** Stands in for Envoy in tests of its clients: mutual TLS, and the identity as headers. */
export interface TlsFront {
  /** `wss://localhost:PORT`. */
  readonly origin: string;
  readonly authority: RawAuthority;
  /** A client certificate with the subject `/O=<name>` only, as deployed peers have. */
  client(name: string): { readonly cert: string; readonly key: string; readonly ca: string };
  /** Cuts every connection, as a proxy that is killed does. */
  cut(): void;
  /** Stops listening, too. */
  stop(): Promise<void>;
}

/** @param port 0 takes a free port; a fixed port lets a front return at the same address */
export async function startTlsFront(socketPath: string, port = 0, authority = new RawAuthority()): Promise<TlsFront> {
  const server = authority.issue({ subject: [[O, 'proxy']], names: [{ dns: 'localhost' }] });
  const front = createServer({
    ...pemOf(server),
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const sockets = new Set<Socket>();
  front.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  front.on('upgrade', (request, socket, head) => {
    const { raw } = (socket as TLSSocket).getPeerCertificate();
    const fingerprint = createHash('sha256').update(raw).digest('hex');
    const behind = connect(socketPath);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    }
    lines.push(`x-request-id: ${randomUUID()}`);
    for (const [name, value] of Object.entries(identityHeaders({ fingerprint }))) lines.push(`${name}: ${value}`);
    behind.write(`${lines.join('\r\n')}\r\n\r\n`);
    behind.write(head);
    behind.pipe(socket).pipe(behind);
    for (const one of [behind, socket]) {
      one.on('error', () => {});
      one.once('close', () => {
        behind.destroy();
        socket.destroy();
      });
    }
  });
  front.listen(port, 'localhost');
  await once(front, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `wss://localhost:${(front.address() as AddressInfo).port}`,
    authority,
    client: (name) => ({ ...pemOf(authority.issue({ subject: [[O, name]] })), ca: authority.certificate }),
    cut,
    stop: async () => {
      front.close();
      cut();
      if (front.listening) await once(front, 'close');
    },
  };
}

function pemOf({ certificate: cert, key }: IssuedCertificate): { readonly cert: string; readonly key: string } {
  return { cert, key };
}
