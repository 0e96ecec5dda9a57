import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RevocationSubject, revoke } from '../../../certs/revocation.js';
import { issueInto, makeRootIn, target } from './authority-fixture.js';
import { failureOf, inDirectory, leftovers } from './workspace.js';

describe('a revocation changes nothing and says what to do when', () => {
  const CASES: readonly (readonly [
    what: string,
    prepare: (dir: string) => Promise<RevocationSubject>,
    message: RegExp,
  ])[] = [
    [
      'another root signed the certificate',
      async (dir) => {
        await inDirectory(async (other) => {
          await makeRootIn(other);
          await issueInto(other, 'root', 'x');
          await writeFile(join(dir, 'x.pem'), await readFile(join(other, 'x.cert.pem')));
        });
        return target(dir, 'x.pem');
      },
      /^x\.pem was signed by no authority in .*; name the directory of its issuer with --dir$/,
    ],
    [
      'it is the root itself',
      (dir) => target(dir, 'root.cert.pem'),
      /^root\.cert\.pem is a root, which no list can revoke; /,
    ],
    [
      'the list is damaged',
      async (dir) => {
        await writeFile(join(dir, 'root.crl.pem'), '-----BEGIN X509 CRL-----\nMAMCAQE=\n-----END X509 CRL-----\n');
        return { issuer: 'root', serial: '1' };
      },
      /root\.crl\.pem: the X509 CRL block is damaged \(.*\); copy the file again$/,
    ],
    [
      'the list bears the name of the root and not its signature',
      async (dir) => {
        await inDirectory(async (other) => {
          await makeRootIn(other);
          await writeFile(join(dir, 'root.crl.pem'), await readFile(join(other, 'root.crl.pem')));
        });
        return { issuer: 'root', serial: '1' };
      },
      /the list of CN=root,O=Test is not signed by root\.cert\.pem; put the right one back/,
    ],
    [
      'the intermediate is not there',
      async () => ({ issuer: 'intermediate', serial: '1' }),
      /intermediate\.cert\.pem is not there; make it with ws-proxy certs init --intermediate, or name its --dir$/,
    ],
  ];
  for (const [what, prepare, message] of CASES) {
    it(what, async () => {
      await inDirectory(async (dir) => {
        await makeRootIn(dir);
        let before: Buffer | undefined;
        const failure = await failureOf(async () => {
          const which = await prepare(dir);
          before = await readFile(join(dir, 'root.crl.pem'));
          await revoke(dir, which, 'unspecified');
        });
        expect(failure.message).to.match(message);
        if (before !== undefined) expect(await readFile(join(dir, 'root.crl.pem'))).to.deep.equal(before);
        expect(await leftovers(dir)).to.deep.equal([]);
      });
    });
  }
});
