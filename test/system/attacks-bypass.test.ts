import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { expect } from 'chai';
import { documentedPolicy } from '../support/documented-policy.js';
import { RawAuthority } from '../support/raw-authority.js';
import { sendRaw } from '../support/raw-request.js';
import { Scratch } from '../support/scratch.js';
import { serve } from '../support/serve.js';
import { identityHeaders, refusedUpgrade } from '../support/service.js';
import { textOf } from '../support/sources.js';
import { PREFIX, useStack } from '../support/stack.js';

const O = '2.5.4.10';
const PATH = `${PREFIX}sub/7/gw-1`;

describe('attacks: going round Envoy', () => {
  const stack = useStack((scratch) => ({ flags: { policy: scratch.write('policy.yaml', documentedPolicy()) } }));

  it('the socket of the service is its user’s alone, and no TCP port leads to it', () => {
    expect(statSync(stack().socket).mode & 0o777).to.equal(0o600);
    expect(listeningPorts(stack().service.pid)).to.have.length(1); // metrics and probes, on loopback
  });

  it('a request without an identity: identity_missing; with half of one: identity_malformed', async () => {
    expect(await refusedUpgrade(stack().socket, PATH, {}))
      .to.deep.include({ status: 401 })
      .and.to.have.nested.property('error.reason', 'identity_missing');
    const forged = identityHeaders();
    for (const name of Object.keys(forged)) {
      const told = await refusedUpgrade(stack().socket, PATH, { ...forged, [name]: undefined });
      expect([told.status, told.error.reason], name).to.deep.equal([400, 'identity_malformed']);
    }
  });

  it('the service starts on no address that others reach without TLS to the edge, and says what to do', async () => {
    const scratch = new Scratch();
    const refuses = async (listen: string): Promise<void> => {
      const service = serve({ listen, policy: 'any-verified', 'metrics-port': '0' });
      expect(await service.line('stderr', /^error: --listen /)).to.contain(
        'anyone who reaches it could claim any identity',
      );
      expect(await service.ended).to.equal(1);
    };
    await Promise.all(['0.0.0.0:0', '[::]:0', 'example.com:0'].map(refuses));
    const half = serve({
      listen: '127.0.0.1:0',
      policy: 'any-verified',
      'metrics-port': '0',
      'tls-cert': scratch.write('c', ''),
    });
    expect(await half.line('stderr', /^error: /)).to.contain('--tls-key');
    expect(await half.ended).to.equal(1);
    const broken = serve({
      listen: '127.0.0.1:0',
      policy: 'any-verified',
      'metrics-port': '0',
      'tls-cert': scratch.write('c', 'no PEM'),
      'tls-key': scratch.write('k', ''),
      'tls-client-ca': scratch.write('ca', ''),
      'tls-client-name': 'edge.internal',
    });
    expect(await broken.line('stderr', /^error: --tls-cert/)).to.contain('no certificate');
    expect(await broken.ended).to.equal(1);
    scratch.remove();
  });

  it('the service starts without no policy', async () => {
    const service = serve({ listen: 'unix:/tmp/never.sock', 'metrics-port': '0' });
    expect(await service.line('stderr', /^error: --policy is missing/)).to.contain('any-verified');
    expect(await service.ended).to.equal(2);
  });

  it('over TCP it takes the edge’s certificate and nobody else’s, not even a peer’s of the same CA', async () => {
    const scratch = new Scratch();
    const authority = new RawAuthority();
    const server = authority.issue({ subject: [[O, 'service']], names: [{ dns: 'service.internal' }] });
    const edge = authority.issue({ subject: [[O, 'edge']], names: [{ dns: 'edge.internal' }] });
    const peer = authority.issue({
      subject: [[O, 'edge.internal']],
      names: [{ dns: 'peer.internal' }, { email: 'edge.internal' }],
    });
    const tricky = authority.issue({ subject: [[O, 'x']], names: [{ dns: 'x, DNS:edge.internal' }] });
    const stranger = new RawAuthority().issue({ subject: [[O, 'edge']], names: [{ dns: 'edge.internal' }] });
    const service = serve({
      listen: '0.0.0.0:0',
      policy: 'any-verified',
      'metrics-port': '0',
      'log-format': 'json',
      'tls-cert': scratch.write('cert.pem', server.certificate),
      'tls-key': scratch.write('key.pem', server.key),
      'tls-client-ca': scratch.write('ca.pem', authority.certificate),
      'tls-client-name': 'edge.internal',
    });
    try {
      await service.line('stdout', /"ready"/);
      const [port = 0] = listeningPorts(service.pid, '00000000');
      const headers = Object.entries(identityHeaders()).map(([name, value]) => `${name}: ${value}`);
      const ask = (credential: typeof edge | undefined) =>
        sendRaw({
          port,
          ca: authority.certificate,
          path: PATH,
          headers,
          tls: { servername: 'service.internal' },
          ...(credential && { credential }),
        });
      expect((await ask(edge)).status).to.equal(101);
      for (const credential of [peer, tricky, stranger, undefined]) {
        const error = await ask(credential).catch((failure: unknown) => failure);
        expect(error).to.be.instanceOf(Error);
      }
      const plain = await ask(peer).catch((failure: unknown) => String(failure));
      expect(plain).to.match(/closed without an answer/);
      const [metrics = 0] = listeningPorts(service.pid, '0100007F');
      const told = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      expect(told).to.match(/^ws_proxy_certificate_expiry_time_seconds\{.*certificate="service".*\} \d{10}$/m);
    } finally {
      await service.stop('SIGKILL');
      scratch.remove();
    }
  });

  it('the parts that had holes are at versions without them', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { version: string }> };
    const floors: Readonly<Record<string, string>> = {
      ws: '8.21.0',
      '@grpc/grpc-js': '1.9.15',
      protobufjs: '7.2.5',
      yaml: '2.2.2',
    };
    for (const [name, floor] of Object.entries(floors)) {
      const found = Object.entries(lock.packages).filter(
        ([path]) => path.endsWith(`node_modules/${name}`) && !path.includes('websocket-as'),
      );
      expect(found, name).not.to.equal([]);
      for (const [path, { version }] of found) expect(compare(version, floor), `${path} ${version}`).to.be.at.least(0);
    }
    for (const text of ['proxy/door/server.ts', 'proxy/door/probes.ts'].map(textOf))
      expect(text).not.to.contain('insecureHTTPParser');
  });
});

/** Compares two versions: negative, 0 or positive. */
function compare(one: string, two: string): number {
  return one.localeCompare(two, 'en', { numeric: true });
}

/** TCP ports that the process listens on, from /proc; with `address` (hex) only those. */
function listeningPorts(pid: number | undefined, address?: string): number[] {
  const inodes = new Set(socketInodes(pid));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, local = '', , state, , , , , , inode = '']) =>
          state === '0A' && inodes.has(inode) && (address === undefined || local.startsWith(`${address}:`)),
      )
      .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16)),
  );
}

function socketInodes(pid: number | undefined): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${fd}`))?.[1] ?? []);
}

/** A descriptor may be closed while the list is read. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
