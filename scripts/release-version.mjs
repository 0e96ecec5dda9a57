import { Failure, runMain } from './failure.mjs';
import { agreedVersion, putVersion } from './versions.mjs';

// Puts the version of a release wherever it stands: `npm run release:version -- X.Y.Z [YYYY-MM-DD]`, the date being today's unless named.
await runMain(async () => {
  const [version = '', date = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Failure(`${JSON.stringify(version)} is no version: npm run release:version -- X.Y.Z`);
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new Failure(`${JSON.stringify(date)} is no date: it must be YYYY-MM-DD`);
  agreedVersion();
  putVersion(version, date);
  console.log(`${agreedVersion().version} of ${date} is in all files: commit them as "release: ${version}"`);
  return 0;
});
