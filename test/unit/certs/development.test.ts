import { X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAuthority } from '../../../certs/authority.js';
import { makeDevelopmentPki } from '../../../certs/development.js';
import { explainCertificate } from '../../../certs/explain.js';
import { writeFiles } from '../../../certs/files.js';
import { issueLeaf, leafFiles, NO_NAMES } from '../../../certs/issue.js';
import { readLists } from '../../../certs/lists.js';
import { revoke, signLists } from '../../../certs/revocation.js';
import { signCertificate } from '../../../certs/sign.js';
import { failureOf, inDirectory, verdict } from './workspace.js';

const ROLES = ['server', 'manager', 'gateway', 'admin'];
const FILES = [
  ...ROLES.flatMap((role) => ['cert', 'key', 'pkeycert'].map((kind) => `${role}.${kind}.pem`)),
  'root.cert.pem',
  'root.crl.pem',
  'root.key.pem',
].sort();

async function contents(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
  return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? '']));
}

async function certificateIn(dir: string, name: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(join(dir, name)));
}

/** Replaces the certificate of a role by one that ends in `days`. */
async function replaceLeaf(dir: string, role: string, days: number): Promise<void> {
  const root = await loadAuthority(dir, 'root');
  const leaf = await issueLeaf(root, { role: 'client', subject: { o: 'Mine' }, names: NO_NAMES, days });
  await writeFiles(leafFiles(dir, role, leaf), true);
}

describe('makeDevelopmentPki', () => {
  it('makes all files, keys for their owner alone, and openssl accepts them', async () => {
    await inDirectory(async (above) => {
      const dir = join(above, 'run', 'certs');
      expect(await makeDevelopmentPki(dir)).to.have.length(5);
      expect((await readdir(dir)).sort()).to.deep.equal(FILES);
      for (const name of FILES) {
        const { mode } = await stat(join(dir, name));
        expect(mode & 0o777, name).to.equal(/\.p?key(?:cert)?\.pem$/.test(name) ? 0o600 : 0o644);
      }
      for (const role of ROLES) expect(await verdict(dir, `${role}.cert.pem`), role).to.equal('ok');
    });
  });

  it('names the server by every name of this machine, and clients by O and CN', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      const server = explainCertificate(await certificateIn(dir, 'server.cert.pem'));
      expect(server.names).to.deep.include({ dns: ['localhost'], ip: ['127.0.0.1', '::1'] });
      expect(server).to.deep.include({ uses: ['server'], warnings: [] });
      for (const role of ['manager', 'gateway', 'admin']) {
        const facts = explainCertificate(await certificateIn(dir, `${role}.cert.pem`));
        expect(facts).to.deep.include({ subject: `CN=${role},O=Micronets`, uses: ['client'], warnings: [] });
      }
    });
  });

  it('touches nothing the second time', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      const before = await contents(dir);
      expect(await makeDevelopmentPki(dir)).to.deep.equal([]);
      expect(await contents(dir)).to.deep.equal(before);
    });
  });

  it('makes what is missing and only that', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      const before = await contents(dir);
      await rm(join(dir, 'gateway.pkeycert.pem'));
      await rm(join(dir, 'admin.key.pem'));
      await rm(join(dir, 'admin.cert.pem'));
      await rm(join(dir, 'root.crl.pem'));
      expect(await makeDevelopmentPki(dir)).to.have.length(4);
      const { 'root.crl.pem': listBefore, ...rest } = before;
      const { 'root.crl.pem': listAfter, ...after } = await contents(dir);
      expect(after).to.deep.equal(rest);
      expect(listAfter).not.to.equal(listBefore);
    });
  });

  it('takes two at once', async () => {
    await inDirectory(async (dir) => {
      const made = await Promise.all([makeDevelopmentPki(dir), makeDevelopmentPki(dir)]);
      expect(made.map((lines) => lines.length).sort()).to.deep.equal([0, 5]);
      expect((await readdir(dir)).sort()).to.deep.equal(FILES);
    });
  });

  it('renews a leaf with less than 7 days left, and leaves one with more', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      await replaceLeaf(dir, 'gateway', 6);
      await replaceLeaf(dir, 'manager', 8);
      expect(await makeDevelopmentPki(dir)).to.deep.equal(["renewed the gateway's certificate"]);
      expect(explainCertificate(await certificateIn(dir, 'gateway.cert.pem')).subject).to.equal(
        'CN=gateway,O=Micronets',
      );
      expect(explainCertificate(await certificateIn(dir, 'manager.cert.pem')).subject).to.equal('O=Mine');
    });
  });

  it('makes a root that is about to end again, with all under it', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      const { certificatePem, keyPem } = await signCertificate({ subject: { o: 'Old' }, days: 3, extensions: [] });
      await writeFile(join(dir, 'root.cert.pem'), certificatePem);
      await writeFile(join(dir, 'root.key.pem'), keyPem);
      const [first, ...rest] = await makeDevelopmentPki(dir);
      expect(first).to.equal('made the root again, as it was about to end');
      expect(rest).to.have.length(4);
      for (const role of ROLES) expect(await verdict(dir, `${role}.cert.pem`), role).to.equal('ok');
    });
  });

  it('signs a list that is due again, and keeps what is revoked', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      await revoke(dir, { issuer: 'root', serial: 'abc' }, 'superseded');
      await signLists(dir, 29);
      expect(await makeDevelopmentPki(dir)).to.deep.equal(['signed the revocation list again']);
      const [inForce] = await readLists(dir);
      expect(inForce?.list.entries.map(({ serial }) => serial)).to.deep.equal(['abc']);
      expect(await makeDevelopmentPki(dir)).to.deep.equal([]);
    });
  });

  it('does not bring back a leaf that was revoked', async () => {
    await inDirectory(async (dir) => {
      await makeDevelopmentPki(dir);
      const { serial } = explainCertificate(await certificateIn(dir, 'gateway.cert.pem'));
      await revoke(dir, { issuer: 'root', serial }, 'unspecified');
      expect(await makeDevelopmentPki(dir)).to.deep.equal([]);
      expect(await verdict(dir, 'gateway.cert.pem')).to.equal('certificate revoked');
    });
  });

  describe('replaces nothing and says what to do when', () => {
    const CASES: readonly (readonly [what: string, spoil: (dir: string) => Promise<void>, message: RegExp])[] = [
      [
        "a key is not its certificate's",
        async (dir) => writeFile(join(dir, 'admin.key.pem'), await readFile(join(dir, 'gateway.key.pem'))),
        /admin\.key\.pem beside .*admin\.cert\.pem: the private key is not the certificate's; put the right one in its place, or delete it$/,
      ],
      [
        'the files of a leaf differ',
        async (dir) => {
          await writeFile(join(dir, 'admin.key.pem'), await readFile(join(dir, 'gateway.key.pem')));
          await writeFile(join(dir, 'admin.cert.pem'), await readFile(join(dir, 'gateway.cert.pem')));
        },
        /admin\.pkeycert\.pem do not make one certificate with its key; put the right ones back, or delete them$/,
      ],
      [
        'half of a leaf is there',
        async (dir) => {
          await rm(join(dir, 'admin.key.pem'));
          await rm(join(dir, 'admin.pkeycert.pem'));
        },
        /admin\.cert\.pem do not make one certificate with its key; put the right ones back, or delete them$/,
      ],
      [
        'only the key of the root is there',
        (dir) => rm(join(dir, 'root.cert.pem')),
        /root\.key\.pem is there and .*root\.cert\.pem is not; put it back, or delete both$/,
      ],
      [
        'a key is empty',
        (dir) => writeFile(join(dir, 'server.key.pem'), ''),
        /server\.key\.pem: the file is empty; put the right one in its place, or delete it$/,
      ],
      [
        'a key is empty and its certificate is only beside a key',
        async (dir) => {
          await rm(join(dir, 'server.cert.pem'));
          await writeFile(join(dir, 'server.key.pem'), '\n');
        },
        /server\.key\.pem: the file is empty; /,
      ],
      [
        'a certificate is empty',
        (dir) => writeFile(join(dir, 'server.cert.pem'), ''),
        /server\.cert\.pem: the file is empty; /,
      ],
      [
        'a certificate stands where the key belongs',
        async (dir) => writeFile(join(dir, 'server.key.pem'), await readFile(join(dir, 'server.cert.pem'))),
        /server\.key\.pem: no PRIVATE KEY block in it; put the right file in its place, or delete it$/,
      ],
      [
        'a key stands where the certificate belongs',
        async (dir) => writeFile(join(dir, 'server.cert.pem'), await readFile(join(dir, 'server.key.pem'))),
        /server\.cert\.pem: no CERTIFICATE block in it; put the right file in its place, or delete it$/,
      ],
      [
        'a key is cut short',
        async (dir) =>
          writeFile(join(dir, 'server.key.pem'), (await readFile(join(dir, 'server.key.pem'))).subarray(0, 60)),
        /server\.key\.pem: line 1: the PRIVATE KEY block has no end; copy the whole file again, or delete it$/,
      ],
      [
        'a key with its certificate is of another leaf',
        async (dir) => writeFile(join(dir, 'server.pkeycert.pem'), await readFile(join(dir, 'admin.pkeycert.pem'))),
        /server\.pkeycert\.pem do not make one certificate with its key; put the right ones back, or delete them$/,
      ],
      [
        'the key of the root is empty when it has to sign',
        async (dir) => {
          await writeFile(join(dir, 'root.key.pem'), '');
          await rm(join(dir, 'root.crl.pem'));
        },
        /root\.key\.pem: the file is empty; put the right one in its place$/,
      ],
      ['a file is no PEM', (dir) => writeFile(join(dir, 'root.crl.pem'), 'x'), /root\.crl\.pem: no PEM block in it; /],
    ];
    for (const [what, spoil, message] of CASES) {
      it(what, async () => {
        await inDirectory(async (dir) => {
          await makeDevelopmentPki(dir);
          await spoil(dir);
          const before = await contents(dir);
          expect((await failureOf(() => makeDevelopmentPki(dir))).message).to.match(message);
          expect(await contents(dir)).to.deep.equal(before);
        });
      });
    }
  });

  it('keeps working when others may read the directory', async () => {
    await inDirectory(async (dir) => {
      await chmod(dir, 0o755);
      expect(await makeDevelopmentPki(dir)).to.have.length(5);
      expect((await stat(join(dir, 'admin.key.pem'))).mode & 0o777).to.equal(0o600);
    });
  });
});
