import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { init } from '../../../certs/actions/init.js';
import { issue } from '../../../certs/actions/issue.js';
import { explainCertificate } from '../../../certs/explain.js';
import { type Renewal, renew } from '../../../certs/renew.js';
import { revocationSubjectOf, revoke, signLists } from '../../../certs/revocation.js';
import { DAY_MS } from '../../../certs/validity.js';
import { failureOf, inDirectory, verdict } from './workspace.js';

/** A PKI with a server, whose names are not the usual ones, and a peer. */
async function makePki(dir: string, issuer: 'root' | 'intermediate' = 'root', rootDays = 3650): Promise<void> {
  await init({ dir, intermediate: issuer === 'intermediate', days: rootDays, force: false });
  const leaf = { dir, days: 365, issuer, force: false, ip: [] } as const;
  await issue('edge', { ...leaf, role: 'server', o: 'Acme', dns: ['proxy.example.com', 'localhost'] });
  await issue('gw-1', { ...leaf, dns: [] });
}

function inDays(days: number): number {
  return Date.now() + days * DAY_MS;
}

function renewedIn(dir: string, renewals: readonly Renewal[]): string[] {
  return renewals.filter(({ renewed }) => renewed).map(({ file }) => file.slice(dir.length + 1));
}

async function inodes(dir: string, ...names: readonly string[]): Promise<number[]> {
  return Promise.all(names.map(async (name) => (await stat(join(dir, name))).ino));
}

describe('certs renew', () => {
  it('leaves alone what is not due, and renews it when two thirds of its time are over', async () => {
    await inDirectory(async (dir) => {
      await makePki(dir);
      const before = await inodes(dir, 'root.crl.pem', 'edge.cert.pem', 'gw-1.cert.pem');
      expect(renewedIn(dir, await renew(dir, [], false))).to.deep.equal([]);
      expect(renewedIn(dir, await renew(dir, [], false, inDays(59)))).to.deep.equal([]);
      expect(await inodes(dir, 'root.crl.pem', 'edge.cert.pem', 'gw-1.cert.pem')).to.deep.equal(before);
      expect(renewedIn(dir, await renew(dir, [], false, inDays(61)))).to.deep.equal(['root.crl.pem']);
      const all = await renew(dir, [], false, inDays(245));
      expect(renewedIn(dir, all)).to.deep.equal(['root.crl.pem', 'edge.cert.pem']);
      expect((await inodes(dir, 'gw-1.cert.pem'))[0], 'a peer is renewed where it lives').to.equal(before[2]);
    });
  });

  it('makes the same certificate, with another key, for as long as the one before, and openssl accepts it', async () => {
    for (const issuer of ['root', 'intermediate'] as const) {
      await inDirectory(async (dir) => {
        await makePki(dir, issuer);
        const read = async () => new X509Certificate(await readFile(join(dir, 'edge.cert.pem')));
        const before = await read();
        await renew(dir, ['gw-1'], true);
        const after = await read();
        const facts = explainCertificate(after);
        const { subject, names, uses, extendedKeyUsages, daysLeft } = explainCertificate(before);
        expect(facts).to.deep.include({ subject, names, uses, extendedKeyUsages, daysLeft, warnings: [] });
        expect(after.serialNumber).not.to.equal(before.serialNumber);
        expect(after.publicKey.equals(before.publicKey)).to.equal(false);
        const chain = issuer === 'root' ? [] : ['-untrusted', 'intermediate.cert.pem'];
        for (const name of ['edge', 'gw-1']) expect(await verdict(dir, `${name}.cert.pem`, ...chain)).to.equal('ok');
        const both = await readFile(join(dir, 'edge.pkeycert.pem'), 'latin1');
        expect(after.checkPrivateKey(createPrivateKey(both))).to.equal(true);
      });
    }
  });

  it('keeps who is revoked, and the length of the list', async () => {
    await inDirectory(async (dir) => {
      await makePki(dir);
      const certificate = new X509Certificate(await readFile(join(dir, 'gw-1.cert.pem')));
      await revoke(dir, await revocationSubjectOf(dir, certificate, 'gw-1'), 'unspecified');
      await signLists(dir, 30);
      const [list] = await renew(dir, [], true);
      expect(Date.parse(list?.until ?? '') - Date.now()).to.be.within(29 * DAY_MS, 31 * DAY_MS);
      expect(await verdict(dir, 'gw-1.cert.pem')).to.match(/revoked/);
    });
  });

  it('makes the list that an authority lacks', async () => {
    await inDirectory(async (dir) => {
      await makePki(dir, 'intermediate');
      await inDirectory(async (old) => {
        // The authorities of another program come without lists.
        for (const name of ['root', 'intermediate']) {
          for (const kind of ['cert', 'key'])
            await cp(join(dir, `${name}.${kind}.pem`), join(old, `${name}.${kind}.pem`));
        }
        expect(renewedIn(old, await renew(old, [], false))).to.deep.equal(['root.crl.pem']);
        expect(renewedIn(old, await renew(old, [], false))).to.deep.equal([]);
        await cp(join(dir, 'gw-1.cert.pem'), join(old, 'gw-1.cert.pem'));
        expect(await verdict(old, 'gw-1.cert.pem', '-untrusted', 'intermediate.cert.pem')).to.equal('ok');
      });
    });
  });

  it('does not make a certificate anew that would end no later, and says why', async () => {
    await inDirectory(async (dir) => {
      await makePki(dir, 'root', 200);
      const [, edge] = await renew(dir, [], false, inDays(150));
      expect(edge).to.deep.include({ renewed: false, held: true });
    });
  });

  it('says what is missing: the key of the root, of a certificate, a certificate of that name, its authority', async () => {
    await inDirectory(async (dir) => {
      await makePki(dir);
      await inDirectory(async (other) => {
        await makePki(other);
        for (const kind of ['cert', 'key', 'pkeycert'])
          await cp(join(other, `gw-1.${kind}.pem`), join(dir, `gw-1.${kind}.pem`));
      });
      expect((await failureOf(() => renew(dir, ['gw-1'], true))).message).to.match(
        /was signed by no authority in .*its own/,
      );
      expect((await failureOf(() => renew(dir, ['gw-2'], false))).message).to.match(/gw-2.*are not both there/);
      await rm(join(dir, 'edge.key.pem'));
      expect((await failureOf(() => renew(dir, [], false))).message).to.match(/edge.*are not both there/);
      await rm(join(dir, 'root.key.pem'));
      expect((await failureOf(() => renew(dir, [], false))).message).to.match(/bring the root's key/);
    });
  });
});
