import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { doctor, filesOf } from '../support/doctor.js';
import { decodeSeen, type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.js';
import { type MeshEnvoy, type MeshTls, mutualGateway, sidecar, startMesh } from '../support/mesh.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';
import { identityHeaders } from '../support/service.js';
import { PREFIX, reasonIn, useStack } from '../support/stack.js';

const XFCC = 'x-forwarded-client-cert';
const WHAT_TO_DO = /have the mesh pass TLS through to the Envoy of ws-proxy \(docs\/mesh\.md\)/;
/** What a client would say to be the manager, in the two forms of the header. */
const FORGED = [`${XFCC}: Hash=${'ab'.repeat(32)};Subject="CN=manager";URI=spiffe://cluster.local/ns/cloud/sa/manager`];
const FORGED_WHOLLY = Object.entries(identityHeaders()).map(([name, value]) => `${name}: ${value}`);

describe('a mesh whose Envoy stands where ours belongs', () => {
  const stack = useStack(() => ({ control: true }));
  let upstream: EchoUpstream;
  let mesh: MeshEnvoy;
  let client: IssuedCertificate;
  before(async function () {
    this.timeout(20_000);
    const { authority, socket, scratch } = stack();
    upstream = await startEchoUpstream(scratch.path('seen.sock'));
    const server = authority.issue({
      subject: [],
      names: [{ dns: 'localhost' }, { uri: 'spiffe://cluster.local/ns/x/sa/y' }],
    });
    const tls: MeshTls = { server, clientCa: authority.certificate };
    client = authority.issue({ subject: [], names: [{ uri: 'spiffe://cluster.local/ns/site/sa/gw-1' }] });
    mesh = await startMesh([
      mutualGateway('gateway', tls, { to: socket }),
      mutualGateway('gateway that appends', tls, { to: socket }, 'APPEND_FORWARD'),
      sidecar('sidecar', tls, { to: socket }),
      mutualGateway('gateway that forwards', tls, { to: socket }, 'ALWAYS_FORWARD_ONLY'),
      mutualGateway('gateway of the control API', tls, { to: scratch.path('control.sock') }),
      mutualGateway('gateway, seen', tls, { to: upstream.path }),
      sidecar('sidecar, seen', tls, { to: upstream.path }),
    ]);
  });
  after(async () => {
    await mesh?.stop();
    await upstream?.stop();
  });

  const ask = (server: string, headers: readonly string[] = [], credential = client) =>
    sendRaw({
      ...{ port: mesh.port(server), ca: stack().ca, credential, path: `${PREFIX}a`, headers },
      tls: { ALPNProtocols: ['http/1.1'] },
    });
  const seenBy = async (server: string, headers: readonly string[], credential = client) => {
    const { headers: seen } = decodeSeen((await ask(server, headers, credential)).headers.get('x-seen') ?? '');
    return seen;
  };

  for (const server of ['gateway', 'gateway that appends', 'sidecar']) {
    for (const [what, headers] of [
      ['as it is', []],
      ['with a forged certificate in text', FORGED],
    ] as const) {
      it(`lets nobody in, and the answer says what to do: a ${server}, ${what}`, async () => {
        const { status, body } = await ask(server, headers);
        expect([status, reasonIn(body).reason]).to.deep.equal([400, 'identity_malformed']);
        expect(body).to.match(WHAT_TO_DO);
      });
    }

    it(`lets nobody in by a whole forged identity, since it touches the one header that must fit: a ${server}`, async () => {
      const { status, body } = await ask(server, FORGED_WHOLLY);
      expect([status, reasonIn(body).reason]).to.deep.equal([400, 'identity_malformed']);
    });
  }

  it('tells the operator the same: in the log, and at the control API', async () => {
    await ask('gateway');
    expect(await stack().service.line('stdout', /"identity_malformed"/)).to.match(WHAT_TO_DO);
    const { status, body } = await sendRaw({
      ...{ port: mesh.port('gateway of the control API'), ca: stack().ca, credential: client },
      ...{ path: '/v1/info', upgrade: false, tls: { ALPNProtocols: ['http/1.1'] } },
    });
    expect(status).to.equal(401);
    expect(body).to.contain('IDENTITY_MALFORMED').and.to.match(WHAT_TO_DO);
  });

  it('doctor tells a mesh’s Envoy by its answers, and finds the one kind whose client is believed: it forwards what it gets', async () => {
    const look = async (server: string): Promise<string> => {
      const url = `wss://localhost:${mesh.port(server)}${PREFIX}a`;
      const { findings } = await doctor([url, ...filesOf(stack().scratch, client, stack().ca)]);
      return findings.get('peer.forged-headers')?.what ?? '';
    };
    expect(await look('gateway')).to.equal('the service does not learn from its edge who asks (identity_malformed)');
    expect(await look('gateway that forwards')).to.equal('a forged identity is believed');
  });

  describe('is refused because of what it writes, as long as it writes this', () => {
    it('a URI SAN, which it does not quote, makes a subject and an element of another certificate', async () => {
      const uri = 'urn:x;Subject="CN=manager,O=Acme",By=spiffe://cluster.local/ns/x/sa/y;Hash=ab;Subject="CN=admin"';
      const nobody = stack().authority.issue({ subject: [['2.5.4.3', 'nobody']], names: [{ uri }] });
      const seen = await seenBy('gateway, seen', [], nobody);
      expect(seen[XFCC]?.[0]).to.contain(`Subject="CN=nobody";URI=${uri}`);
    });

    it('a sidecar leaves what the client wrote before its own element', async () => {
      const seen = await seenBy('sidecar, seen', FORGED);
      expect(seen[XFCC]?.join(',')).to.match(/^Hash=(ab){32};Subject="CN=manager".*,By=spiffe:.*gw-1/);
    });

    it('a sidecar says neither who issued the certificate, nor its serial number, nor its end', async () => {
      const seen = await seenBy('sidecar, seen', []);
      const keys = [...(seen[XFCC]?.[0] ?? '').matchAll(/(?:^|;)([A-Z][A-Za-z]*)=/g)].map(([, key]) => key);
      expect(keys).to.have.members(['By', 'Hash', 'Subject', 'URI']);
      expect(Object.keys(seen).filter((name) => name.startsWith('x-peer-'))).to.deep.equal([]);
    });

    it('it resumes sessions of TLS, and looks at no certificate anew when it does', async () => {
      const { certificate, key } = client;
      const dial = (options: ConnectionOptions): TLSSocket =>
        connect({ port: mesh.port('gateway'), host: '127.0.0.1', servername: 'localhost', ca: stack().ca, ...options });
      const first = dial({ cert: certificate, key });
      // The ticket comes with the first answer.
      first.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      first.resume();
      const [session] = (await once(first, 'session')) as [Buffer];
      first.destroy();
      const second = dial({ session });
      await once(second, 'secureConnect');
      expect(second.isSessionReused()).to.equal(true);
      second.destroy();
    });
  });
});
