import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { revoke } from '../../certs/revocation.js';
import { DAY_MS } from '../../certs/validity.js';
import { pem } from '../support/der-writer.js';
import { Pki } from '../support/pki.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { tell } from '../support/tools.js';

const PATH = '/api/v1/namespaces/edge/configmaps/ws-proxy-list';
const KEY = 'root.crl.pem';
const SCRIPT = join(ROOT, 'deploy/helm/ws-proxy/jobs/renew-list.mjs');

interface ConfigMap {
  readonly metadata: { readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

// Plays the API server for one ConfigMap: what it answers is what the API's documents say, over real TLS.
describe('the job that renews the list of a Helm installation', () => {
  const scratch = new Scratch();
  let pki: Pki;
  let server: Server;
  let kept: ConfigMap;
  let asked: string[];
  let due: string;
  let whenRead: () => void;

  before(async () => {
    pki = await before80Days(async () => {
      const made = await Pki.make(scratch.directory);
      await revoke(made.certs, { issuer: 'root', serial: 'abcdef' }, 'unspecified');
      return made;
    });
    due = readFileSync(pki.list, 'utf8');
    for (const folder of ['account', 'authority', 'bin']) mkdirSync(scratch.path(folder));
    copyFileSync(join(pki.certs, 'root.cert.pem'), scratch.path('account/ca.crt'));
    copyFileSync(join(pki.certs, 'root.cert.pem'), scratch.path('authority/tls.crt'));
    // As cert-manager writes it, and not as `ws-proxy certs` does.
    const { output: key } = await tell('openssl', ['ec', '-in', join(pki.certs, 'root.key.pem')]);
    expect(key).to.include('BEGIN EC PRIVATE KEY');
    scratch.write('authority/tls.key', key);
    scratch.write('account/token', 'the-token\n');
    const command = scratch.write(
      'bin/ws-proxy',
      `#!/bin/sh\nexec '${process.execPath}' '${ROOT}bin/ws-proxy.js' "$@"\n`,
    );
    chmodSync(command, 0o755);
    const [cert, serverKey] = ['server.cert.pem', 'server.key.pem'].map((name) => readFileSync(join(pki.certs, name)));
    server = createServer({ cert, key: serverKey }, async (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      const body = Buffer.concat(await request.toArray()).toString();
      const { code, text } = request.method === 'PATCH' ? patched(body) : { code: 200, text: JSON.stringify(kept) };
      response.writeHead(code).end(text);
      whenRead();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    rmSync(scratch.path('work'), { recursive: true, force: true });
    mkdirSync(scratch.path('work'));
    kept = { metadata: { resourceVersion: '7' }, data: { [KEY]: due } };
    asked = [];
    whenRead = () => {};
  });
  after(() => {
    server.close();
    scratch.remove();
  });

  function patched(body: string): { code: number; text: string } {
    const { metadata, data } = JSON.parse(body) as ConfigMap;
    if (metadata.resourceVersion !== kept.metadata.resourceVersion) {
      return { code: 409, text: '{"kind":"Status","reason":"Conflict"}' };
    }
    kept = { metadata: { resourceVersion: '8' }, ...(data !== undefined && { data }) };
    return { code: 200, text: JSON.stringify(kept) };
  }

  const run = (port = (server.address() as AddressInfo).port) =>
    tell(process.execPath, [SCRIPT, 'edge', 'ws-proxy-list'], {
      env: {
        ...process.env,
        PATH: `${scratch.path('bin')}:${process.env['PATH']}`,
        KUBERNETES_SERVICE_HOST: '127.0.0.1',
        KUBERNETES_SERVICE_PORT_HTTPS: String(port),
        ACCOUNT: scratch.path('account'),
        AUTHORITY: scratch.path('authority'),
        WORK: scratch.path('work'),
      },
    });
  /** The serial numbers on the list in the ConfigMap, whose signature openssl has checked. */
  const revoked = async (): Promise<string> => {
    const list = scratch.write('list.pem', kept.data?.[KEY] ?? '');
    const args = ['crl', '-in', list, '-noout', '-text', '-CAfile', join(pki.certs, 'root.cert.pem'), '-verify'];
    const { code, output } = await tell('openssl', args);
    expect(code, output).to.equal(0);
    return output;
  };

  it('signs a list that is due anew, with everybody who is on it, and leaves it until it is due again', async () => {
    const first = await run();
    expect(first.code, first.output).to.equal(0);
    expect(first.output).to.include('the ConfigMap ws-proxy-list has a new list');
    expect(asked).to.deep.equal([`GET ${PATH} Bearer the-token`, `PATCH ${PATH} Bearer the-token`]);
    expect(kept.data?.[KEY]).not.to.equal(due);
    expect(await revoked()).to.include('ABCDEF');
    rmSync(scratch.path('work'), { recursive: true });
    mkdirSync(scratch.path('work'));
    const again = await run();
    expect(again.code, again.output).to.equal(0);
    expect(again.output).to.include('is not due');
    expect(asked.length).to.equal(3);
  });

  it('makes none in the place of one that got lost', async () => {
    kept = { metadata: kept.metadata };
    const { code, output } = await run();
    expect(code).to.equal(1);
    expect(output).to.include(
      'is as it was: it has no root.crl.pem: put the last one there, or the first: ws-proxy certs',
    );
    expect(asked).to.deep.equal([`GET ${PATH} Bearer the-token`]);
  });

  it('makes none beside that of another authority', async () => {
    const list = pem('X509 CRL', new RawAuthority().revoke({ serials: ['0abc'] }));
    kept = { metadata: kept.metadata, data: { [KEY]: list } };
    const { code, output } = await run();
    expect(code).to.equal(1);
    expect(output).to.include('is as it was: its root.crl.pem has no list of this authority: put the last one there');
    expect(asked).to.deep.equal([`GET ${PATH} Bearer the-token`]);
  });

  it('leaves a list that somebody changed meanwhile, and says so', async () => {
    whenRead = () => {
      kept = { metadata: { resourceVersion: 'theirs' } };
    };
    const { code, output } = await run();
    expect(code).to.equal(1);
    expect(output).to.include('the list in the ConfigMap ws-proxy-list is as it was: PATCH was answered 409');
    expect(kept).to.deep.equal({ metadata: { resourceVersion: 'theirs' } });
  });

  it('says in one line that the API server is not there', async () => {
    const { code, output } = await run(1);
    expect(code).to.equal(1);
    expect(output.trim()).to.match(/^the list in the ConfigMap ws-proxy-list is as it was: .*ECONNREFUSED.*$/);
  });
});

/** Lets certificates and lists be of 80 days ago. */
async function before80Days<T>(make: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => now() - 80 * DAY_MS;
  try {
    return await make();
  } finally {
    Date.now = now;
  }
}
