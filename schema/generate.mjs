// Writes the JSON Schemas of the policy file and the deny list, from the build. `npm run generate` runs it.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { jsonSchemas } from '../dist/proxy/policy/json-schema.js';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
for (const [name, schema] of Object.entries(jsonSchemas)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
  execFileSync(process.execPath, [biome, 'format', '--write', path], { stdio: 'inherit' });
}
