// Writes the option tables of configuration.md anew from the code: npm run build && node docs/generate.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { withOptionTables } from '../dist/proxy/config/document.js';

const page = new URL('configuration.md', import.meta.url);
writeFileSync(page, withOptionTables(readFileSync(page, 'utf8')));
