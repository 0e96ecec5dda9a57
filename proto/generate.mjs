/**
 * Makes what is derived from the .proto files: `proto/control.binpb`, the descriptor image that the service, its JSON form, the
 * commands and gRPC reflection load, and the TypeScript types in `proxy/control/generated/`. Both are committed; a test proves
 * them fresh. `node proto/generate.mjs [root]` writes below another root.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from './program.mjs';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const root = resolve(process.argv[2] ?? home);
const types = join(root, 'proxy/control/generated');

function run(script, ...args) {
  execFileSync(process.execPath, [script, ...args], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
}

rmSync(types, { recursive: true, force: true });
mkdirSync(types, { recursive: true });
mkdirSync(join(root, 'proto'), { recursive: true });

run(
  program('@bufbuild/buf', 'buf'),
  ...['build', 'proto', '--exclude-source-info', '--as-file-descriptor-set', '-o', join(root, 'proto/control.binpb')],
);
run(
  program('@grpc/proto-loader', 'proto-loader-gen-types'),
  ...['--longs=String', '--enums=String', '--defaults', '--oneofs', '--keepCase', '--includeComments'],
  ...['--importFileExtension=.js', '--grpcLib=@grpc/grpc-js', `--outDir=${types}`, '-I', 'proto', '--'],
  ...[
    'micronets/wsproxy/control/v1/control_service.proto',
    'google/rpc/status.proto',
    'google/rpc/error_details.proto',
  ],
);

// The loader's own view of whole files, and types that only options use: nothing here reads them.
const kept = new Set(['Any.ts', 'Duration.ts', 'Timestamp.ts']);
for (const name of readdirSync(types)) if (name.endsWith('.ts')) rmSync(join(types, name));
rmSync(join(types, 'google/api'), { recursive: true, force: true });
const wellKnown = join(types, 'google/protobuf');
for (const name of readdirSync(wellKnown)) if (!kept.has(name)) rmSync(join(wellKnown, name));
