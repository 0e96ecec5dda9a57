// Writes the tables of README.md anew from the code: npm run build && node observability/tables.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { withReference } from '../dist/proxy/telemetry/reference.js';

const readme = new URL('README.md', import.meta.url);
writeFileSync(readme, withReference(readFileSync(readme, 'utf8')));
