import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IssuedCertificate, RawAuthority } from './raw-authority.js';

/** A way for a browser, which has no certificate, to a port that wants one: all that comes by it has the certificate of its owner. */
export interface CertifiedWay {
  /** `https://localhost:PORT/`. */
  readonly url: string;
  /** SHA-256 of the key of its own certificate, base64, by which a browser can trust it. */
  readonly pin: string;
  close(): Promise<void>;
}

/** Opens a way to that port of this host, by mutual TLS. Where the other end is gone it cuts the request. */
export async function openCertifiedWay(
  port: number,
  authority: RawAuthority,
  { key, certificate }: IssuedCertificate,
): Promise<CertifiedWay> {
  const own = authority.issue({ subject: [], names: [{ dns: 'localhost' }] });
  const server = createServer({ key: own.key, cert: own.certificate }, (asked, answer) => {
    const { method, url: path, headers } = asked;
    const to = { host: 'localhost', port, ca: authority.certificate, key, cert: certificate };
    const onward = request({ ...to, method, path, headers, agent: false });
    onward.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const spki = new X509Certificate(own.certificate).publicKey.export({ type: 'spki', format: 'der' });
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    pin: createHash('sha256').update(spki).digest('base64'),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
