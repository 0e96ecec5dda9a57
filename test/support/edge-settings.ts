import { join } from 'node:path';
import { DEFAULT_MAX_CONNECTIONS, type EdgeSettings } from '../../envoy/settings.js';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';

/** Settings of an edge whose files are all below `dir`; every port is the system's choice. */
export function edgeSettings(dir: string, wanted: Partial<EdgeSettings> = {}): EdgeSettings {
  const certs = join(dir, 'certs');
  return {
    configDir: join(dir, 'envoy'),
    address: '127.0.0.1',
    pathPrefix: MEETUP_PREFIX,
    peersPort: 0,
    controlPort: 0,
    adminPort: 0,
    maxConnections: DEFAULT_MAX_CONNECTIONS,
    serverCertificate: join(certs, 'server.cert.pem'),
    serverKey: join(certs, 'server.key.pem'),
    clientCa: join(certs, 'root.cert.pem'),
    clientCrl: join(certs, 'root.crl.pem'),
    serviceSocket: join(dir, 'service.sock'),
    controlSocket: join(dir, 'control.sock'),
    controlJson: true,
    ...wanted,
  };
}
