import { execFileSync } from 'node:child_process';
import { runMain } from './failure.mjs';
import { root } from './place.mjs';

/** Licences that ask for no more than to be named. What else comes in has to be looked at by a person first. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);
/** Largest bill of materials that is read. */
const MAX_BYTES = 16 * 1024 * 1024;
/** The licences of packages whose package.json has no SPDX expression, as their licence files say. */
const known = new Map([['hdr-histogram-js', 'BSD-2-Clause']]);

// Every package that is shipped, from the software bill of materials that npm makes of the lock file.
await runMain(async () => {
  const args = ['sbom', '--omit=dev', '--sbom-format=spdx', '--package-lock-only', '--loglevel=error'];
  const { packages } = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: MAX_BYTES }));
  const others = packages.filter(({ name, licenseDeclared }) => !isAllowed(known.get(name) ?? licenseDeclared));
  for (const { name, versionInfo, licenseDeclared } of others)
    console.error(`error: ${name}@${versionInfo}: ${licenseDeclared}`);
  if (others.length > 0) return 1;
  console.log(`${packages.length} packages, all under ${[...allowed].join(', ')}`);
  return 0;
});

/** An expression of SPDX: one side of an OR must do, both sides of an AND. */
function isAllowed(expression) {
  const plain = expression.replace(/[()]/g, ' ').trim();
  if (/ OR /.test(plain)) return plain.split(/ OR /).some(isAllowed);
  return plain.split(/ AND /).every((one) => allowed.has(one.trim()));
}
