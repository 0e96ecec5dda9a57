import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect } from 'chai';
import { type BareEnvoy, startBareEnvoy } from '../conformance/bare-envoy.js';
import type { Version } from '../conformance/client-hello.js';
import { type TlsReport, tlsReport } from '../conformance/tls-report.js';
import { useStack } from '../support/stack.js';

const MODERN = ['1301', '1302', '1303'];
/** ECDHE with ECDSA and an AEAD: the stack's key is of an elliptic curve. */
const OLDER = ['c02b', 'c02c', 'cca9'];

describe('a TLS report of both listeners', () => {
  const stack = useStack(() => ({ control: true }));
  let bare: BareEnvoy;
  before(async () => {
    const control = stack().scratch.path('control.sock');
    bare = await startBareEnvoy({ authority: stack().authority, service: stack().socket, control });
  });
  after(() => bare?.stop());

  it('peers: TLS 1.2 and 1.3, forward secrecy and AEAD only, no compression, no ticket, no heartbeat', async () => {
    const { suites, weaknesses } = await tlsReport(stack().port);
    expect(suites).to.have.all.keys('TLSv1.2', 'TLSv1.3');
    expect(suites['TLSv1.2']).to.have.members(OLDER);
    expect(suites['TLSv1.3']).to.have.members(MODERN);
    expect(weaknesses).to.deep.equal([]);
  });

  it('control: TLS 1.3 alone', async () => {
    const { suites, weaknesses } = await tlsReport(stack().edge.ports.control);
    expect(suites).to.have.all.keys('TLSv1.3');
    expect(suites['TLSv1.3']).to.have.members(MODERN);
    expect(weaknesses).to.deep.equal([]);
  });

  it('neither takes anything that Envoy by its own defaults does not', async () => {
    for (const listener of ['peers', 'control'] as const) {
      const [ours, plain] = [await tlsReport(stack().edge.ports[listener]), await tlsReport(bare.ports[listener])];
      expect(worseThan(plain, ours), listener).to.deep.equal([]);
    }
  });

  it('neither resumes a session, in any version that it speaks', async () => {
    const { certificate: cert, key } = stack().issue('x');
    for (const [port, version] of [
      [stack().port, 'TLSv1.2'],
      [stack().port, 'TLSv1.3'],
      [stack().edge.ports.control, 'TLSv1.3'],
    ] as const) {
      const wish = { port, host: '127.0.0.1', servername: 'localhost', ca: stack().ca, cert, key };
      const first = connect({ ...wish, minVersion: version, maxVersion: version });
      const sessions: Buffer[] = [];
      first.on('session', (session) => sessions.push(session));
      await once(first, 'secureConnect');
      // What answers this comes behind any ticket.
      first.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(first, 'data');
      first.destroy();
      const session = sessions[0] ?? first.getSession();
      const second = connect({ ...wish, minVersion: version, maxVersion: version, ...(session && { session }) });
      await once(second, 'secureConnect');
      expect(second.isSessionReused(), `${version} at ${port}`).to.equal(false);
      second.destroy();
    }
  });

  it('the report finds what is weak where it is', async () => {
    const { certificate: cert, key } = stack().authority.issue({ subject: [], names: [{ dns: 'localhost' }] });
    const weak = createServer({ cert, key, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    weak.on('tlsClientError', () => {});
    weak.listen(0, '127.0.0.1');
    await once(weak, 'listening');
    const { suites, weaknesses } = await tlsReport((weak.address() as AddressInfo).port);
    weak.close();
    expect(suites).to.include.all.keys('TLSv1.0', 'TLSv1.1');
    expect(suites['TLSv1.2']).to.include.members([...OLDER, 'c023', 'c009']);
    expect(weaknesses).to.deep.equal(['session tickets']);
    expect(worseThan(await tlsReport(bare.ports.peers), { suites, weaknesses })).to.include('TLSv1.0 c009');
  });
});

/** The offers that the second takes and the first does not. */
function worseThan(plain: TlsReport, ours: TlsReport): readonly string[] {
  const suites = Object.entries(ours.suites).flatMap(([version, taken]) =>
    taken.filter((one) => plain.suites[version as Version]?.includes(one) !== true).map((one) => `${version} ${one}`),
  );
  return [...suites, ...ours.weaknesses.filter((one) => !plain.weaknesses.includes(one))];
}
