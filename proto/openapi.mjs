/**
 * Writes `proto/openapi.yaml`, the control API's JSON form as OpenAPI 3.1, from the build and the comments of the .proto files. It is committed; a test proves it
 * fresh. `node proto/openapi.mjs [root]` writes below another root.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { openApiOf } from '../dist/proxy/control/json/openapi/document.js';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(resolve(process.argv[2] ?? home), 'proto/openapi.yaml');
const require = createRequire(import.meta.url);
const manifest = require.resolve('@bufbuild/buf/package.json');
const buf = join(dirname(manifest), require(manifest).bin.buf);

// The image that the service loads has no comments.
const image = execFileSync(process.execPath, [buf, 'build', 'proto', '--as-file-descriptor-set', '-o', '-'], {
  cwd: home,
});
const text = stringify(openApiOf(image), { lineWidth: 0, aliasDuplicateObjects: false });
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, `# Made by npm run generate from the .proto files beside it.\n${text}`);
