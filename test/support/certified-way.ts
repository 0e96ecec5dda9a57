import { once } from 'node:events';
import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IssuedCertificate } from './raw-authority.js';

/** A way for a browser without a certificate to a port that wants one: what `certified-way` sends has the certificate of its owner. */
export interface CertifiedWay {
  /** `http://localhost:PORT/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a way to that port of this host, by mutual TLS. A way whose other end is gone cuts the request. */
export async function openCertifiedWay(
  port: number,
  ca: string,
  { key, certificate }: IssuedCertificate,
): Promise<CertifiedWay> {
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const onward = request({
      host: 'localhost',
      port,
      ca,
      key,
      cert: certificate,
      method,
      path,
      headers,
      agent: false,
    });
    onward.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
