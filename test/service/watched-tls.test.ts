import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { listenForPeers } from '../../proxy/compose/listeners.js';
import type { Telemetry } from '../../proxy/compose/telemetry.js';
import { type Undo, unwind } from '../../proxy/compose/unwind.js';
import { loadConfig } from '../../proxy/config/load.js';
import { upgradeServer } from '../../proxy/door/server.js';
import { hopTls } from '../../proxy/door/tls-files.js';
import type { UpgradeEdge } from '../../proxy/door/upgrade.js';
import { WatchedTls } from '../../proxy/door/watched-tls.js';
import { systemClock } from '../../proxy/ports/system-clock.js';
import { startLog } from '../../proxy/telemetry/logs/logger.js';
import { Gauges } from '../../proxy/telemetry/metrics/gauges.js';
import { FakeClock } from '../support/fake-clock.js';
import { type IssuedCertificate, RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';

const NAME = 'replica.internal';
const WAIT_MS = 10_000;
const DAY_MS = 24 * 3_600_000;

describe('the files of mutual TLS, while they are in use', () => {
  let scratch: Scratch;
  let authority: RawAuthority;
  let watched: WatchedTls;
  let server: Server;
  let refused: string[];
  let open: TLSSocket[];

  function issue(serial: string, notAfter = new Date(Date.now() + DAY_MS)): IssuedCertificate {
    return authority.issue({ subject: [['2.5.4.3', NAME]], names: [{ dns: NAME }], serial, notAfter });
  }

  function put({ certificate, key }: Pick<IssuedCertificate, 'certificate' | 'key'>): void {
    scratch.replace('key.pem', key);
    scratch.replace('cert.pem', certificate);
  }

  beforeEach(async () => {
    scratch = new Scratch();
    authority = new RawAuthority();
    refused = [];
    open = [];
    put(issue('0a'));
    const [hopCert, hopKey, hopCa] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => scratch.path(name));
    scratch.write('ca.pem', authority.certificate);
    const opened = await WatchedTls.open({
      read: () => hopTls({ t: 'tcp', host: '127.0.0.1', port: 0 }, { hopCert, hopKey, hopCa, hopName: NAME }),
      clock: systemClock,
      observer: { read: () => {}, refused: (why) => void refused.push(why) },
    });
    if (opened === undefined) return expect.fail('there is TLS');
    watched = opened;
    const nothing = (): void => {};
    server = upgradeServer(
      { upgrade: nothing, plain: nothing, maxHeaderBytes: 16_384, http2: undefined },
      watched.present,
    );
    watched.keep(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    watched.close();
    for (const socket of open) socket.destroy();
    await once(server.close(), 'close');
    scratch.remove();
  });

  /** Connects with what counts at present. */
  async function dial(): Promise<TLSSocket> {
    const { cert, key, ca } = watched.present;
    const { port } = server.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port, cert, key, ca, checkServerIdentity: () => undefined });
    open.push(socket);
    await once(socket, 'secureConnect');
    return socket;
  }

  const serialOf = (certificate: PeerCertificate): string => certificate.serialNumber;

  const comes = (what: string, is: () => boolean) =>
    waitFor(what, WAIT_MS, AbortSignal.timeout(WAIT_MS), async () => (is() ? true : undefined));

  it('are taken up from the next handshake on, on both sides, and connections stay', async () => {
    const before = await dial();
    expect(serialOf(before.getPeerCertificate())).to.equal('0A');
    const shown: string[] = [];
    server.on('secureConnection', (socket: TLSSocket) => shown.push(serialOf(socket.getPeerCertificate())));
    put(issue('0b'));
    await comes('the renewed certificate was not taken up', () => isPresent('0B'));
    const after = await dial();
    expect(serialOf(after.getPeerCertificate())).to.equal('0B');
    await comes('the server saw no client', () => shown.includes('0B'));
    expect(before.destroyed).to.equal(false);
    expect(refused).to.deep.equal([]);
  });

  it('change nothing while a certificate is not that of its key, out of its time, or no certificate at all', async () => {
    scratch.replace('cert.pem', issue('0c').certificate);
    await comes('the pair was not refused', () => refused.includes('the certificate is not that of the key'));
    put(issue('0d', new Date(Date.now() - 60_000)));
    await comes('the expired one was not refused', () => refused.some((why) => why.includes('is valid from')));
    scratch.replace('cert.pem', 'nothing');
    await comes('the text was not refused', () => refused.some((why) => why.includes('--hop-cert')));
    expect(serialOf((await dial()).getPeerCertificate())).to.equal('0A');
    put(issue('0e'));
    await comes('the good one was not taken up', () => isPresent('0E'));
  });

  it('are watched no more where the service does not come to listen', async () => {
    const undo: Undo[] = [];
    const clock = new FakeClock();
    const [tlsCert, tlsKey, tlsClientCa] = ['cert.pem', 'key.pem', 'ca.pem'].map((name) => scratch.path(name));
    const flags = { listen: '127.0.0.1:0', tlsCert, tlsKey, tlsClientCa, tlsClientName: NAME, policy: 'any-verified' };
    const telemetry = { gauges: new Gauges(), log: startLog('silent', 'json') } as Partial<Telemetry> as Telemetry;
    const parts = { config: loadConfig({ flags, environment: {} }), clock, telemetry, undo };
    const ready = (): Promise<void> => Promise.reject(new Error('it is not ready'));
    const edge = {} as UpgradeEdge;
    const failed = await listenForPeers(parts, edge, { ready, backlog: 1 }).catch((error: Error) => error.message);
    expect(failed).to.equal('it is not ready');
    await unwind(undo);
    put(issue('0b'));
    await comes('the renewed certificate was not taken up', () => isPresent('0B'));
    expect(clock.timers).to.equal(0);
  });

  /** Whether the certificate that counts has this serial number. */
  function isPresent(serial: string): boolean {
    return new X509Certificate(watched.present.cert).serialNumber === serial;
  }
});
