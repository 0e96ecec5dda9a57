import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { WssClient } from '../support/client.js';
import { Scratch } from '../support/scratch.js';
import { ROOT, textOf } from '../support/sources.js';
import { type StartedProxy, startProxy } from '../support/started-proxy.js';
import { tell } from '../support/tools.js';

const document = textOf('docs/migration.md');
/** The document's blocks of shell commands, in order, without their indentation. */
const blocks = [...document.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', text = '']) =>
  text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);

/** The block that contains the text. */
function block(part: string): string {
  const found = blocks.find((text) => text.includes(part));
  if (found === undefined) throw new Error(`docs/migration.md has no commands with ${part}`);
  return found;
}

describe('docs/migration.md, followed word by word', function () {
  this.timeout(60_000);
  const scratch = new Scratch();
  const home = scratch.directory;
  const lib = scratch.path('micronets-ws-proxy/lib');
  const run = scratch.path('ws-proxy-run');
  let proxy: StartedProxy | undefined;
  let port = 0;

  before(async () => {
    mkdirSync(lib, { recursive: true });
    symlinkSync(ROOT, scratch.path('ws-proxy'));
    await makeOldFleet(lib);
  });
  after(async () => {
    await proxy?.clean();
    scratch.remove();
  });

  /** Runs commands of the document in an empty home with an old clone and a new one. */
  async function follow(commands: string): Promise<string> {
    const names = block('export OLD=').split('\n')[0] ?? '';
    const script = `set -e\n${names}\n${commands}`;
    const env = { ...process.env, HOME: home };
    const { code, output } = await tell('bash', ['-c', script], { cwd: home, env });
    expect(code, output).to.equal(0);
    return output;
  }

  it('step 1 makes a list, a server and an operator under the old root', async () => {
    // The clone that runs the tests is already set up.
    const setUp = '(cd $NEW && npm install --no-save && npm run build)\n';
    expect(block('certs issue server')).to.include(setUp);
    const output = await follow(block('certs issue server').replace(setUp, ''));
    expect(output)
      .to.match(/^server\.cert\.pem +server +36\d days left/m)
      .and.match(/^admin\.cert\.pem +client /m);
    expect(output).to.match(/^root\.cert\.pem +authority .* O=Micronets Websocket Root Cert$/m);
  });

  it('intermediates of the old scripts get their list', async () => {
    const output = await follow(block('intermediate.cert.pem'));
    expect(output).to.match(/list of {4}O=My Intermediate\n {2}signed by {2}intermediate/);
  });

  it('steps 2 and 3 start a proxy that lets the old fleet in', async () => {
    const policy = [...document.matchAll(/^ *```yaml\n([\s\S]*?)^ *```$/gm)][0]?.[1] ?? '';
    scratch.write('policy.yaml', policy.replaceAll(/^ {3}/gm, ''));
    const [start = '', ...before] = block('npm start').trim().split('\n').reverse();
    await follow(before.reverse().join('\n'));
    expect(start).to.match(/^cd \$NEW && WS_PROXY_RUN_DIR=\$HOME\/ws-proxy-run WS_PROXY_PORT=6050 .* npm start$/);
    proxy = await startProxy({ WS_PROXY_MAX_MESSAGE_BYTES: '1MiB' }, run);
    port = Number(/localhost:(\d+)/.exec(await proxy.ready)?.[1]);

    // A gateway under the root with a manager, and one under the intermediate, which presents its own certificate alone.
    for (const gateway of ['gateway', 'gateway-2']) {
      const meetup = `sub/1/${gateway}`;
      const [one, other] = [await open('manager', meetup), await open(gateway, meetup)];
      one.hello('manager');
      other.hello('gateway');
      expect(await one.next()).to.include('"gateway"');
      other.send('{"message":{"messageType":"EVENT:a"}}');
      await other.next();
      expect(await one.next()).to.include('EVENT:a');
      await Promise.all([one.terminate(), other.terminate()]);
    }
  });

  it('the operator of step 1 steers it', async () => {
    const control = /control (localhost:\d+)/.exec(proxy?.lines.join('\n') ?? '')?.[1] ?? '';
    const files = '--cert $PKI/admin.pkeycert.pem --ca $PKI/root.cert.pem';
    expect(await follow(`$NEW/bin/ws-proxy.js info --server ${control} ${files}`)).to.match(/admin/);
  });

  it('renewal changes list and certificate under way, and everything running takes them up', async () => {
    const before = await serverSerial();
    const command = block('certs renew').trim();
    expect(await follow(command)).to.match(/root\.crl\.pem is good until/);
    await follow(`PKI=${join(run, 'certs')}; ${command} --all`);
    const serials = new Set([before]);
    while (serials.size === 1) serials.add(await serverSerial());
    const peer = await open('gateway-2', 'sub/2/2');
    await peer.terminate();
  });

  async function open(name: string, meetup: string): Promise<WssClient> {
    const [certificate = '', key = ''] = ['cert', 'key'].map((kind) =>
      readFileSync(join(lib, `${name}.${kind}.pem`), 'utf8'),
    );
    const ca = readFileSync(join(lib, 'micronets-ws-root.cert.pem'), 'utf8');
    const url = `wss://localhost:${port}/micronets/v1/ws-proxy/${meetup}`;
    return WssClient.open(url, { certificate, key, der: Buffer.alloc(0) }, { ca });
  }

  function serverSerial(): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: 'localhost', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  }
});

/** Files of the old scripts: a root, an intermediate, and peers of `/O=` alone under either, with keys that have EC PARAMETERS. */
async function makeOldFleet(lib: string): Promise<void> {
  const constraint = (ca: boolean): string => `basicConstraints=critical,CA:${ca}`;
  writeFileSync(
    join(lib, 'extensions'),
    `[ca]\n${constraint(true)}\nsubjectKeyIdentifier=hash\nkeyUsage=critical,digitalSignature,keyCertSign,cRLSign\n` +
      `[leaf]\n${constraint(false)}\nauthorityKeyIdentifier=keyid\nkeyUsage=critical,digitalSignature,keyEncipherment,keyAgreement\n`,
  );
  await make(lib, 'micronets-ws-root', 'Micronets Websocket Root Cert', 'ca');
  await make(lib, 'my-intermediate', 'My Intermediate', 'ca', 'micronets-ws-root');
  await make(lib, 'manager', 'Micronets Manager Websocket Client Cert', 'leaf', 'micronets-ws-root');
  await make(lib, 'gateway', 'Micronets Gateway Service Websocket Client Cert', 'leaf', 'micronets-ws-root');
  await make(lib, 'gateway-2', 'Gateway 2', 'leaf', 'my-intermediate');
}

async function make(
  lib: string,
  name: string,
  organisation: string,
  kind: 'ca' | 'leaf',
  issuer = name,
): Promise<void> {
  const signer =
    issuer === name
      ? ['-signkey', `${name}.key.pem`]
      : ['-CA', `${issuer}.cert.pem`, '-CAkey', `${issuer}.key.pem`, '-CAcreateserial'];
  const extensions = ['-extfile', 'extensions', '-extensions', kind];
  for (const args of [
    ['ecparam', '-genkey', '-name', 'prime256v1', '-out', `${name}.key.pem`],
    [
      'req',
      '-new',
      '-key',
      `${name}.key.pem`,
      '-sha256',
      '-batch',
      '-subj',
      `/O=${organisation}`,
      '-out',
      `${name}.csr`,
    ],
    ['x509', '-req', '-in', `${name}.csr`, '-days', '3650', ...signer, ...extensions, '-out', `${name}.cert.pem`],
  ]) {
    const { code, output } = await tell('openssl', args, { cwd: lib });
    expect(code, output).to.equal(0);
  }
}
