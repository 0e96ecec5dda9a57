import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { connect as connectPeer } from '../../library/peer/connect.js';
import type { WssClient } from '../support/client.js';
import { type MeshEnvoy, passthrough, startMesh } from '../support/mesh.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';
import type { Stack } from '../support/stack.js';
import { PREFIX, reasonIn, useStack } from '../support/stack.js';

/** The name that clients ask for, by which the mesh routes. */
const HOST = 'localhost';
const DOMAIN = 'spiffe://cluster.local/ns';
const MANAGER = `${DOMAIN}/cloud/sa/manager`;
const POLICY = `
version: 1
rules:
  - { name: a gateway, match: { uris: "${DOMAIN}/site/sa/{id}" }, meetups: ["sub/7/{id}"], bind: { id: uri.id }, role: gateway, limits: { connections: 2 } }
  - { name: the manager, match: { uris: "${MANAGER}" }, meetups: ["sub/**"], role: manager }
control:
  - { name: operators, match: { uris: "${DOMAIN}/cloud/sa/operator" }, rights: viewer }
`;
/** An address of this machine that is not the one from which the mesh dials. */
const ELSEWHERE = '127.0.0.2';

/** A certificate as a mesh issues it: a SPIFFE id, no subject, an hour. */
function workload(stack: Stack, uri: string, notAfter = new Date(Date.now() + 3_600_000)): IssuedCertificate {
  return stack.authority.issue({ subject: [], names: [{ uri }], notAfter });
}

/** Mocha hooks: the Envoy of a mesh before the product, with a server for each of the two ports. */
function useMesh(stack: () => Stack, proxyProtocol: 'V1' | 'V2' | undefined): () => MeshEnvoy {
  let mesh: MeshEnvoy | undefined;
  before(async function () {
    this.timeout(20_000);
    const { peers, control } = stack().edge.ports;
    mesh = await startMesh([
      passthrough('peers', HOST, { to: peers, ...(proxyProtocol && { proxyProtocol }) }),
      passthrough('unexpected', HOST, { to: peers, proxyProtocol: 'V2' }),
      passthrough('control', HOST, { to: control }),
    ]);
  });
  after(() => mesh?.stop());
  return () => {
    if (mesh === undefined) throw new Error('the mesh is there inside tests only');
    return mesh;
  };
}

describe('a mesh that passes TLS through', () => {
  const stack = useStack((scratch) => ({
    control: true,
    flags: {
      policy: scratch.write('policy.yaml', POLICY),
      'deny-list': scratch.write('deny.yaml', 'version: 1\ndeny: []\n'),
    },
  }));
  const mesh = useMesh(stack, undefined);
  const dial = (credential: IssuedCertificate, meetup: string) =>
    stack().open(credential, meetup, { through: mesh().port('peers') });

  it('is no part of who somebody is: SPIFFE ids pair, and the control API behind it shows them', async () => {
    const gateway = await dial(workload(stack(), `${DOMAIN}/site/sa/gw-1`), 'sub/7/gw-1');
    gateway.hello('gateway');
    const manager = await dial(workload(stack(), MANAGER), 'sub/7/gw-1');
    manager.hello('manager');
    await Promise.all([gateway.next(), manager.next()]);
    manager.send('to the gateway');
    expect(await gateway.next()).to.equal('to the gateway');
    gateway.send(Buffer.alloc(100_000, 'x'));
    expect(await manager.next()).to.have.length(100_000);
    const { status, body } = await sendRaw({
      ...{ port: mesh().port('control'), ca: stack().ca, credential: workload(stack(), `${DOMAIN}/cloud/sa/operator`) },
      ...{ path: '/v1/sessions', upgrade: false, tls: { ALPNProtocols: ['http/1.1'] } },
    });
    expect([status, body]).to.deep.equal([200, body]);
    expect(body).to.contain(`${DOMAIN}/site/sa/gw-1`).and.to.contain(MANAGER);
  });

  it('gives nobody another name, whatever headers he sends', async () => {
    const told = await sendRaw({
      ...{ port: mesh().port('peers'), ca: stack().ca, credential: workload(stack(), `${DOMAIN}/site/sa/gw-1`) },
      path: `${PREFIX}sub/7/gw-2`,
      headers: [
        `x-forwarded-client-cert: Hash=${'ab'.repeat(32)};Subject="";URI=${MANAGER}`,
        'x-peer-subject: CN=admin',
      ],
    });
    expect([told.status, reasonIn(told.body).reason]).to.deep.equal([403, 'policy_denied']);
  });

  it('lets nobody through who names no server, or another one: the mesh has no way for those', async () => {
    for (const servername of ['', 'other.example']) {
      const options = { port: mesh().port('peers'), host: '127.0.0.1', ca: stack().ca, servername };
      const socket = connect({ ...options, ALPNProtocols: ['http/1.1'] });
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code, servername).to.equal('ECONNRESET');
    }
  });

  it('tells a peer that its certificate of an hour is over: it ends with it, and is back with the one that was renewed meanwhile', async () => {
    const { scratch, ca } = stack();
    const id = `${DOMAIN}/site/sa/gw-3`;
    const manager = async (): Promise<WssClient> => {
      const client = await dial(workload(stack(), MANAGER), 'sub/7/gw-3');
      client.hello('manager');
      return client;
    };
    const pem = ({ key, certificate }: IssuedCertificate): string => key + certificate;
    const ends = (Math.floor(Date.now() / 1000) + 3) * 1000;
    const cert = scratch.write('workload.pem', pem(workload(stack(), id, new Date(ends))));
    const setbacks: string[] = [];
    const gateway = connectPeer({
      url: `wss://${HOST}:${mesh().port('peers')}${PREFIX}sub/7/gw-3`,
      ...{ credentials: { cert, ca: scratch.write('ca.pem', ca) }, peerClass: 'gateway', httpProxy: false },
      observer: { state: (now) => now.kind === 'backing_off' && setbacks.push(now.why.reason) },
    });
    try {
      const first = await manager();
      await first.next();
      scratch.replace('workload.pem', pem(workload(stack(), id)));
      expect((await first.closed).reason).to.equal('the peer websocket disconnected');
      expect(Date.now()).to.be.at.least(ends);
      const second = await manager();
      await second.next();
      second.send('hello again');
      expect(setbacks).to.deep.equal(['certificate_expired']);
    } finally {
      await gateway.stop();
    }
  });

  it('counts the certificates of one SPIFFE id together, of which a workload can have as many as it asks for', async () => {
    const id = `${DOMAIN}/site/sa/gw-5`;
    await dial(workload(stack(), id), 'sub/7/gw-5');
    await dial(workload(stack(), id), 'sub/7/gw-5');
    const third = { ca: stack().ca, credential: workload(stack(), id), path: `${PREFIX}sub/7/gw-5` };
    const told = await sendRaw({ ...third, port: mesh().port('peers') });
    expect([told.status, reasonIn(told.body).reason]).to.deep.equal([429, 'identity_full']);
    await dial(workload(stack(), `${DOMAIN}/site/sa/gw-6`), 'sub/7/gw-6');
  });

  it('has whoever is denied by SPIFFE id ended, and refused with each renewed certificate', async () => {
    const id = `${DOMAIN}/site/sa/gw-7`;
    const client = await dial(workload(stack(), id), 'sub/7/gw-7');
    client.hello();
    stack().scratch.replace('deny.yaml', `version: 1\ndeny: [{ uri: "${id}" }]\n`);
    expect(await client.closed).to.deep.equal({ code: 4402, reason: 'the client certificate is revoked' });
    const again = { ca: stack().ca, credential: workload(stack(), id), path: `${PREFIX}sub/7/gw-7` };
    const told = await sendRaw({ ...again, port: mesh().port('peers') });
    expect([told.status, reasonIn(told.body).reason]).to.deep.equal([403, 'certificate_revoked']);
  });

  it('gets nobody in by a PROXY header where our Envoy was not told to expect one', async () => {
    const told = await sendRaw({
      ...{ port: mesh().port('unexpected'), ca: stack().ca, path: `${PREFIX}sub/7/gw-1` },
      credential: workload(stack(), `${DOMAIN}/site/sa/gw-1`),
    }).catch(String);
    expect(told).to.match(/^Error/);
  });

  it('hides where a peer dials from, unless it says so by PROXY', async () => {
    const client = await stack().open(workload(stack(), `${DOMAIN}/site/sa/gw-4`), 'sub/7/gw-4', {
      ...{ through: mesh().port('peers'), localAddress: ELSEWHERE },
    });
    client.hello();
    const line = await stack().service.line('stdout', /"sub\/7\/gw-4"/);
    expect(line).to.contain('127.0.0.1').and.not.to.contain(ELSEWHERE);
  });
});

for (const version of ['V1', 'V2'] as const) {
  describe(`a mesh that passes TLS through and says who dialled, by PROXY ${version}`, () => {
    const stack = useStack((scratch) => ({
      flags: { policy: scratch.write('policy.yaml', POLICY) },
      settings: { proxyProtocol: true },
    }));
    const mesh = useMesh(stack, version);

    it('is believed about the address, and about nothing else', async () => {
      const [gateway, manager] = [workload(stack(), `${DOMAIN}/site/sa/gw-1`), workload(stack(), MANAGER)];
      const options = { through: mesh().port('peers'), localAddress: ELSEWHERE };
      const [one, two] = [
        await stack().open(gateway, 'sub/7/gw-1', options),
        await stack().open(manager, 'sub/7/gw-1', options),
      ];
      one.hello('one');
      two.hello('two');
      await Promise.all([one.next(), two.next()]);
      expect(await stack().service.line('stdout', /"sub\/7\/gw-1"/)).to.contain(ELSEWHERE);
      const stranger = { port: options.through, ca: stack().ca, path: `${PREFIX}sub/7/gw-2`, credential: gateway };
      expect(reasonIn((await sendRaw(stranger)).body).reason).to.equal('policy_denied');
    });

    it('is the only way: who comes round it, and says nothing, is closed', async () => {
      const direct = { port: stack().port, ca: stack().ca, path: `${PREFIX}sub/7/gw-1` };
      const told = await sendRaw({ ...direct, credential: workload(stack(), `${DOMAIN}/site/sa/gw-1`) }).catch(String);
      expect(told).to.match(/ECONNRESET|disconnected before secure TLS|closed without an answer/);
    });
  });
}
