import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Bridge } from '../../peer/bridge.js';
import { PeerConnection } from '../../peer/connection.js';
import { WssClient } from '../support/client.js';
import { startEdge, type TestEdge } from '../support/envoy.js';
import { bridgeOptions } from '../support/http-way.js';
import { ask, reached } from '../support/peers.js';
import { follow, type Program } from '../support/program.js';
import { type Service, startService } from '../support/service.js';
import { ROOT } from '../support/sources.js';
import { type DeployedPair, deployedPairs, type Runtime } from './deployed-software.js';

const PYTHON_CLIENT = join(ROOT, 'test/interop/gateway_client.py');
const NODE_CLIENT = join(ROOT, 'test/interop/manager_client.cjs');
const PREFIX = '/micronets/v1/ws-proxy/';
const MEETUP = `${PREFIX}sub/8675309/00224dd149bb`;
const MIB = 1024 * 1024;

/** One line of a client's output. */
interface Said {
  readonly sent?: string;
  readonly received?: string;
  readonly closed?: number;
  readonly reason?: string;
}

for (const pair of deployedPairs()) {
  const skipped = pair.missing === undefined ? '' : ` (skipped: ${pair.missing})`;
  describe(`the deployed peers: ${pair.title}${skipped}`, function () {
    if (pair.missing !== undefined) {
      it('are not on this machine');
      return;
    }
    // Interpreters start, and reconnect after a while.
    this.timeout(30_000);
    suite(pair);
  });
}

function suite(pair: DeployedPair): void {
  let service: Service;
  let edge: TestEdge;
  let folder: string;
  let gateway: Program;
  let manager: Program;

  before(async () => {
    // The settings are those of docs/migration.md, with pings so frequent that a client that ignores them fails in every test.
    service = await startService({ maxMessageBytes: '1MiB', pingInterval: '200ms', pingTimeout: '5s' });
    edge = await startEdge({ serviceSocket: service.socketPath });
    folder = await mkdtemp(join(tmpdir(), 'wsp-'));
    await writeFile(join(folder, 'root.cert.pem'), edge.authority.certificate);
    for (const name of ['gateway', 'manager']) {
      const { certificate: cert, key } = edge.authority.issue({ subject: [['2.5.4.10', name]] });
      await writeFile(join(folder, `${name}.pkeycert.pem`), key + cert);
    }
  });

  beforeEach(async () => {
    gateway = client(pair.gateway, PYTHON_CLIENT, 'gateway');
    manager = client(pair.manager, NODE_CLIENT, 'manager');
    await heard(gateway, 'received', 'CONN:HELLO');
    await heard(manager, 'received', 'CONN:HELLO');
  });

  afterEach(async () => {
    await Promise.all([gateway.stop('SIGKILL'), manager.stop('SIGKILL')]);
  });

  after(async () => {
    await edge.stop();
    await service.stop();
    await rm(folder, { recursive: true });
  });

  /** Neither client checks the server's name, so the address will do. */
  function client({ command, args, env }: Runtime, script: string, name: string): Program {
    const url = `wss://127.0.0.1:${edge.ports.peers}${MEETUP}`;
    const files = ['--pkeycert', join(folder, `${name}.pkeycert.pem`), '--root', join(folder, 'root.cert.pem')];
    const all = [script, '--url', url, ...files, '--reconnect', '0.2', ...args];
    return follow(spawn(command, all, { stdio: 'pipe', env }));
  }

  /** The text of the first message of that kind that a client sent or received. */
  async function heard(program: Program, way: 'sent' | 'received', type: string): Promise<string> {
    const line = await program.line('stdout', new RegExp(`^\\{"${way}": ?".*${type}`));
    return (JSON.parse(line) as Said)[way] ?? '';
  }

  async function closing(program: Program): Promise<Said> {
    return JSON.parse(await program.line('stdout', /^\{"closed"/)) as Said;
  }

  it("get each other's HELLO as it was sent [HELLO-4]", async () => {
    expect(await heard(manager, 'received', 'CONN:HELLO')).to.equal(await heard(gateway, 'sent', 'CONN:HELLO'));
    expect(await heard(gateway, 'received', 'CONN:HELLO')).to.equal(await heard(manager, 'sent', 'CONN:HELLO'));
  });

  it('exchange requests and responses, unchanged to the byte', async () => {
    for (const [method, path, messageBody] of [
      ['GET', '/micronets/v1/gateway/micronets', undefined],
      ['PUT', '/micronets/v1/gateway/leases', { subnet: '10.0.0.0/24', name: 'Küche', rate: 1.5 }],
      ['POST', '/elsewhere', { n: 1 }],
    ] as const) {
      const body = messageBody === undefined ? {} : { dataFormat: 'application/json', messageBody };
      manager.type(
        `${JSON.stringify({ messageType: 'REST:REQUEST', requiresResponse: true, method, path, ...body })}\n`,
      );
      expect(await heard(gateway, 'received', path)).to.equal(await heard(manager, 'sent', path));
      const answered = await heard(gateway, 'sent', method === 'POST' ? 'not found' : `"method\\\\": \\\\"${method}`);
      const { inResponseTo } = (JSON.parse(answered) as { message: { inResponseTo: number } }).message;
      expect(await heard(manager, 'received', `"inResponseTo\\\\": ${inResponseTo},`)).to.equal(answered);
    }
  });

  it('answers a bridge of ours, to which it is sent what it takes', async () => {
    await manager.stop();
    const { certificate: cert, key } = edge.authority.issue({ subject: [['2.5.4.10', 'bridge']] });
    const peer = new PeerConnection({
      url: `wss://localhost:${edge.ports.peers}${MEETUP}`,
      claims: { peerClass: 'bridge', peerId: '1' },
      credentials: () => ({ cert, key, ca: edge.authority.certificate }),
    });
    const bridge = new Bridge(peer, bridgeOptions);
    const url = await bridge.listen();
    try {
      peer.start();
      await reached(peer, 'paired');
      const headers = ['Content-Type', 'application/json'];
      for (const [body, echo] of [
        ['{"a": 1.0}', { a: 1 }],
        ['[1, 2]\n', '[1, 2]\n'],
        ['5', '5'],
      ] as const) {
        const seen = await ask(`${url}/micronets/v1/gateway?a=%20`, { method: 'PUT', headers, body });
        expect([seen.status, seen.phrase]).to.deep.equal([200, 'OK']);
        expect(JSON.parse(seen.body.toString())).to.deep.equal({ method: 'PUT', body: echo, umlaut: 'ä' });
      }
    } finally {
      await bridge.close();
      await peer.stop();
    }
  });

  it('exchange events, unchanged to the byte', async () => {
    for (const event of ['DHCP:leaseAcquired', 'DPP:DPPOnboardingProgressEvent']) {
      gateway.type(`${event}\n`);
      expect(await heard(manager, 'received', `EVENT:${event}`)).to.equal(
        await heard(gateway, 'sent', `EVENT:${event}`),
      );
    }
  });

  it('answer pings, and are there when one who does not is gone [LIVE-1]', async () => {
    const silent = await WssClient.open(
      `wss://localhost:${edge.ports.peers}${PREFIX}silent`,
      edge.authority.issue({ subject: [['2.5.4.10', 'silent']] }),
      { ca: edge.authority.certificate, autoPong: false },
    );
    silent.hello('silent');
    expect(await silent.closed).to.deep.equal({ code: 1002, reason: 'Ping timed out (5 seconds)' });
    gateway.type('DHCP:leaseAcquired\n');
    await heard(manager, 'received', 'EVENT:DHCP:leaseAcquired');
  });

  it('are told when the other one goes, come back, and meet again', async () => {
    await manager.stop();
    expect(await closing(gateway)).to.deep.equal({ closed: 1002, reason: 'the peer websocket disconnected' });
    manager = client(pair.manager, NODE_CLIENT, 'manager');
    await heard(manager, 'received', 'CONN:HELLO');
    gateway.type('DHCP:leaseExpired\n');
    await heard(manager, 'received', 'EVENT:DHCP:leaseExpired');
  });

  it('take a message of 1 MiB; a longer one ends who sent it, and does not reach the other library', async () => {
    manager.type(`${JSON.stringify({ padTo: MIB })}\n`);
    await heard(gateway, 'received', `${MIB} characters`);
    manager.type(`${JSON.stringify({ padTo: MIB + 1 })}\n`);
    expect((await closing(manager)).closed).to.equal(1009);
    expect(await closing(gateway)).to.deep.equal({ closed: 1002, reason: 'the peer websocket disconnected' });
    // Both clients are back.
    gateway.type('DHCP:leaseExpired\n');
    await heard(manager, 'received', 'EVENT:DHCP:leaseExpired');
  });
}
