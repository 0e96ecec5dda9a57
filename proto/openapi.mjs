/**
 * Writes `proto/openapi.yaml`, the control API's JSON form as OpenAPI 3.1, from the build and the comments of the .proto files. It is committed; a test proves it
 * fresh. `node proto/openapi.mjs [root]` writes below another root.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { openApiOf } from '../dist/proxy/control/json/openapi/document.js';
import { program } from './program.mjs';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(resolve(process.argv[2] ?? home), 'proto/openapi.yaml');

// The image that the service loads has no comments.
const build = [program('@bufbuild/buf', 'buf'), 'build', 'proto', '--as-file-descriptor-set', '-o', '-'];
const image = execFileSync(process.execPath, build, { cwd: home });
const text = stringify(openApiOf(image), { lineWidth: 0, aliasDuplicateObjects: false });
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, `# Made by npm run generate from the .proto files beside it.\n${text}`);
