import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, runMain } from './failure.mjs';
import { packLibraries } from './libraries.mjs';
import { root } from './place.mjs';
import { setUp } from './setup.mjs';

const folder = join(root, 'release');

// Makes the parts of a release, in `release/`: the package, the libraries for other programs, the software bill of materials, and the checksums of all; and beside
// it `release-notes.md`, the section of CHANGELOG.md. docs/releasing.md says what comes before and after.
await runMain(async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const notes = sectionOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  const tag = process.env.GITHUB_REF_NAME;
  if (tag !== undefined && tag !== `v${version}`) {
    throw new Failure(`the tag is ${tag} and package.json says ${version}: make them agree`);
  }
  await setUp();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  npm('pack', '--pack-destination', folder);
  const work = mkdtempSync(join(tmpdir(), 'ws-proxy-libraries-'));
  try {
    await packLibraries(folder, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  writeFileSync(
    join(folder, 'sbom.cdx.json'),
    npm('sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only'),
  );
  const sums = readdirSync(folder).map((name) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    return `${sum}  ${name}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(root, 'release-notes.md'), notes);
  console.log(`release/ holds ${readdirSync(folder).join(', ')}`);
  return 0;
});

function npm(...args) {
  return execFileSync('npm', [...args, '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
}

/** The entry of a version in the changelog. */
function sectionOf(changelog, version) {
  const [, text] =
    changelog
      .split(/^## /m)
      .map((part) => part.split(/\n(.*)/s))
      .find(([title]) => title.split(' ')[0] === version) ?? [];
  if (text === undefined) throw new Failure(`CHANGELOG.md has no section ${version}: write it`);
  return `${text.trim()}\n`;
}
