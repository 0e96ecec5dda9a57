import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archive } from './archive.mjs';
import { billOfMaterials } from './bill-of-materials.mjs';
import { changedFiles, commitTime, trackedFiles } from './commit.mjs';
import { Failure, runMain } from './failure.mjs';
import { libraryArchives } from './libraries.mjs';
import { checkNode } from './node-version.mjs';
import { installPackages, packagesStale } from './packages.mjs';
import { root } from './place.mjs';
import { below, buildSources, chartFiles, packageFiles, sourcesOf } from './release-archives.mjs';
import { agreedVersion } from './versions.mjs';

const folder = join(root, 'release');

// Makes the parts of a release, in `release/`, and beside it `release-notes.md`, the section of CHANGELOG.md. The same commit gives the same bytes, in any clone and
// at any time, by the same Node and npm. docs/releasing.md says what the parts are, and what comes before and after.
await runMain(async () => {
  checkNode();
  const { version, isReleased, notes } = agreedVersion();
  checkTag(version, isReleased);
  if (packagesStale()) await installPackages();
  const parts = await partsOf(version, commitTime());
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of parts) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(root, 'release-notes.md'), notes);
  console.log(`release/ holds ${[...parts.keys()].join(', ')}`);
  return 0;
});

/** Where a tag makes the release, everything has to be as the tag says. */
function checkTag(version, isReleased) {
  const changed = changedFiles();
  const tag = process.env.GITHUB_REF_NAME;
  if (tag === undefined) {
    if (changed.length > 0)
      console.log(`this is no release: tracked files (${changed.length}) are not as in the commit`);
    return;
  }
  if (tag !== `v${version}`) throw new Failure(`the tag is ${tag} and package.json says ${version}: make them agree`);
  if (!isReleased)
    throw new Failure(`CHANGELOG.md has ${version} as not released: npm run release:version -- ${version}`);
  if (changed.length > 0) throw new Failure(`this is not as in the commit: ${changed[0].trim()}: commit or undo it`);
}

/** The bytes of every part, by its name. */
async function partsOf(version, seconds) {
  const sources = sourcesOf(trackedFiles());
  const work = mkdtempSync(join(tmpdir(), 'ws-proxy-release-'));
  try {
    await buildSources(sources, work);
    const chart = chartFiles(sources);
    const parts = [
      [`micronets-ws-proxy-${version}.tgz`, archive(packageFiles(sources, work), seconds)],
      ...libraryArchives(work, seconds),
      [`ws-proxy-deploy-${version}.tgz`, archive(below(`ws-proxy-${version}/`, sources), seconds)],
      // By the name that `helm package` gives it.
      ...(chart.size === 0 ? [] : [[`ws-proxy-${version}.tgz`, archive(chart, seconds)]]),
      ['sbom.cdx.json', billOfMaterials('@micronets/ws-proxy', seconds)],
    ];
    return new Map([...parts, ['SHA256SUMS', parts.map(sumLine).join('')]]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function sumLine([name, bytes]) {
  return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
}
