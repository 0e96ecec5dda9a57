/**
 * Makes everything that is derived from code and committed: the control API's descriptor, types and OpenAPI
 * description, the JSON Schemas, the alerts for Kubernetes, the schema and the files of the Helm chart, and the
 * tables in documents. Tests prove all of it fresh.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { runMain } from './failure.mjs';
import { root } from './place.mjs';

await runMain(async () => {
  // The service's types come from the contract, everything else from the built code.
  make('proto');
  await build();
  make('proto', 'openapi.mjs');
  make('schema');
  make('deploy');
  const { generatedDocuments } = await import('../dist/test/support/generated-documents.js');
  for (const [path, filled] of Object.entries(generatedDocuments)) {
    const file = join(root, path);
    writeFileSync(file, filled(readFileSync(file, 'utf8')));
  }
  return 0;
});

/** Runs a generator that stands beside its output. */
function make(folder, generator = 'generate.mjs') {
  execFileSync(process.execPath, [join(root, folder, generator)], { stdio: 'inherit' });
}
