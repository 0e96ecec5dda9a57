import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAuthority } from '../../../certs/authority.js';
import { installIntermediate } from '../../../certs/install.js';
import { MAX_REVOKED, readLists, updateLists } from '../../../certs/lists.js';
import { revoke, signLists, unrevoke } from '../../../certs/revocation.js';
import { DAY_MS } from '../../../certs/validity.js';
import { issueInto, makeRootIn, target } from './authority-fixture.js';
import { failureOf, inDirectory, leftovers, makeOldPki, openssl, verdict } from './workspace.js';

const REVOKED = 'certificate revoked';

describe('revocation', () => {
  it('ends what it names and nothing else, to openssl', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      await issueInto(dir, 'root', 'a', 'b');
      expect(await verdict(dir, 'a.cert.pem')).to.equal('ok');
      const first = await revoke(dir, await target(dir, 'a.pkeycert.pem'), 'keyCompromise');
      expect(first).to.include({ state: 'revoked', number: 2n });
      expect(await verdict(dir, 'a.cert.pem')).to.equal(REVOKED);
      expect(await verdict(dir, 'b.cert.pem')).to.equal('ok');
      const text = await openssl(dir, 'crl', '-in', 'root.crl.pem', '-noout', '-text');
      expect(text)
        .to.match(/X509v3 CRL Number:\s+2\b/)
        .and.to.match(/Key Compromise/);
    });
  });

  it('keeps the first date and reason of one that is revoked again', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      await issueInto(dir, 'root', 'a');
      const which = await target(dir, 'a.cert.pem');
      const { entry } = await revoke(dir, which, 'superseded');
      const again = await revoke(dir, which, 'keyCompromise');
      expect(again).to.include({ state: 'already revoked', number: 3n });
      expect(again.entry.reason).to.equal('superseded');
      expect(Math.floor(again.entry.since.getTime() / 1000)).to.equal(Math.floor(entry.since.getTime() / 1000));
    });
  });

  it('can be taken back, but a known key only by force', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      await issueInto(dir, 'root', 'a');
      const which = await target(dir, 'a.cert.pem');
      expect((await failureOf(() => unrevoke(dir, which, false))).message).to.match(/is not revoked; nothing changed$/);
      await revoke(dir, which, 'keyCompromise');
      expect((await failureOf(() => unrevoke(dir, which, false))).message).to.match(
        /revoked for keyCompromise; .*--force$/,
      );
      expect(await verdict(dir, 'a.cert.pem')).to.equal(REVOKED);
      expect(await unrevoke(dir, which, true)).to.equal(3n);
      expect(await verdict(dir, 'a.cert.pem')).to.equal('ok');
    });
  });

  it('loses nothing when two processes and two callers revoke at once', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      const names = ['a', 'b', 'c', 'd'];
      await issueInto(dir, 'root', ...names);
      const module = new URL('../../../certs/revocation.js', import.meta.url).href;
      const children = ['a', 'b'].map(async (name) => {
        const { serial } = await target(dir, `${name}.cert.pem`);
        const script = `const { revoke } = await import(${JSON.stringify(module)});
          await revoke(${JSON.stringify(dir)}, { issuer: 'root', serial: '${serial}' }, 'unspecified');`;
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
        expect(await once(child, 'exit')).to.deep.equal([0, null]);
      });
      const callers = ['c', 'd'].map(async (name) => revoke(dir, await target(dir, `${name}.cert.pem`), 'unspecified'));
      await Promise.all([...children, ...callers]);
      expect(await Promise.all(names.map((name) => verdict(dir, `${name}.cert.pem`)))).to.deep.equal(
        names.map(() => REVOKED),
      );
      const [inForce] = await readLists(dir);
      expect(inForce?.list.number).to.equal(5n);
      expect(await leftovers(dir)).to.deep.equal([]);
    });
  });

  it('keeps a list for the root and one for the intermediate in the one file', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      const request = { subject: { o: 'Test', cn: 'intermediate' }, days: 50, force: false };
      await installIntermediate(dir, await loadAuthority(dir, 'root'), request);
      await issueInto(dir, 'root', 'a');
      await issueInto(dir, 'intermediate', 'b', 'c');
      await revoke(dir, await target(dir, 'a.cert.pem'), 'unspecified');
      await revoke(dir, await target(dir, 'b.cert.pem'), 'unspecified');
      const chain = ['-untrusted', 'intermediate.cert.pem'];
      expect(await verdict(dir, 'a.cert.pem')).to.equal(REVOKED);
      expect(await verdict(dir, 'b.cert.pem', ...chain)).to.equal(REVOKED);
      expect(await verdict(dir, 'c.cert.pem', '-crl_check_all', ...chain)).to.equal('ok');
    });
  });

  it('works under a root of openssl, for a leaf without any extension, and keeps the entries of a list of openssl', async () => {
    await inDirectory(async (dir) => {
      await makeOldPki(dir, 'gateway-7');
      await issueInto(dir, 'root', 'new');
      await writeFile(
        join(dir, 'index.txt'),
        `R\t300101000000Z\t260101000000Z,keyTime,20260101000000Z\t77AA\tunknown\t/O=x\n`,
      );
      const config = '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=9\n';
      await writeFile(join(dir, 'ca.conf'), config);
      const signer = ['-cert', 'root.cert.pem', '-keyfile', 'root.key.pem'];
      await openssl(dir, 'ca', '-config', 'ca.conf', '-gencrl', ...signer, '-out', 'root.crl.pem');
      await revoke(dir, await target(dir, 'old.cert.pem'), 'unspecified');
      expect(await verdict(dir, 'old.cert.pem')).to.equal(REVOKED);
      expect(await verdict(dir, 'new.cert.pem')).to.equal('ok');
      const text = await openssl(dir, 'crl', '-in', 'root.crl.pem', '-noout', '-text');
      expect(text)
        .to.match(/Serial Number: 77AA/)
        .and.to.match(/Invalidity Date:\s+Jan {2}1 00:00:00 2026/);
    });
  });

  it('is not held up by an intermediate that has ended or whose key is elsewhere', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      const root = await loadAuthority(dir, 'root');
      await installIntermediate(dir, root, { subject: { o: 'Test', cn: 'i' }, days: 0, force: false });
      const number = async () => (await readLists(dir)).map(({ list }) => list.number).sort();
      await revoke(dir, { issuer: 'root', serial: 'a' }, 'unspecified');
      expect(await number()).to.deep.equal([1n, 2n]);
      await installIntermediate(dir, root, { subject: { o: 'Test', cn: 'i' }, days: 9, force: true });
      await rm(join(dir, 'intermediate.key.pem'));
      await revoke(dir, { issuer: 'root', serial: 'b' }, 'unspecified');
      expect(await number()).to.deep.equal([1n, 3n]);
    });
  });

  it('signs anew with a later next update', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      await signLists(dir, 7);
      const [inForce] = await readLists(dir);
      const left = (inForce?.list.nextUpdate?.getTime() ?? 0) - Date.now();
      expect(left).to.be.within(6.99 * DAY_MS, 7 * DAY_MS);
      expect(inForce?.list.number).to.equal(2n);
    });
  });

  it('reads and writes a list of 5,000, and refuses one that is too long', async () => {
    await inDirectory(async (dir) => {
      await makeRootIn(dir);
      const { encodeList, revokedEntry } = await import('../../../certs/crl.js');
      const { key } = await loadAuthority(dir, 'root');
      const [inForce] = await readLists(dir);
      if (inForce === undefined) throw new Error('no list');
      const entries = Array.from({ length: 5000 }, (_, at) =>
        revokedEntry((at + 1).toString(16), new Date(0), 'unspecified'),
      );
      const der = encodeList({ ...inForce.list, entries }, key, undefined);
      const pem = `-----BEGIN X509 CRL-----\n${Buffer.from(der).toString('base64')}\n-----END X509 CRL-----\n`;
      await writeFile(join(dir, 'root.crl.pem'), pem);
      await revoke(dir, { issuer: 'root', serial: 'ffffff' }, 'unspecified');
      const [after] = await readLists(dir);
      expect(after?.list.entries.length).to.equal(5001);
      const tooMany = Array.from({ length: MAX_REVOKED + 1 }, () => revokedEntry('1', new Date(0), 'unspecified'));
      const failure = await failureOf(() => updateLists(dir, 9, { target: 'root', apply: () => tooMany }));
      expect(failure.message).to.equal(`the root's list is full (${MAX_REVOKED}); issue from a new intermediate`);
    });
  });
});
