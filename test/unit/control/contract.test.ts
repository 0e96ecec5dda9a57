import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { codecOf, controlService } from '../../../proxy/control/rpc/contract.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const buf = fileURLToPath(new URL('node_modules/@bufbuild/buf/bin/buf', `file://${root}`));

describe('contract', function () {
  // The compiler starts.
  this.timeout(30_000);

  it('is what proto/ says: the descriptor image and the types are fresh', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'wsg-'));
    try {
      execFileSync(process.execPath, [join(root, 'proto/generate.mjs'), fresh]);
      for (const folder of ['proto/control.binpb', 'proxy/control/generated']) {
        expect(filesBelow(join(fresh, folder)), `run "npm run generate": ${folder} is stale`).to.deep.equal(
          filesBelow(join(root, folder)),
        );
      }
    } finally {
      rmSync(fresh, { recursive: true });
    }
  });

  it('is clean under STANDARD and COMMENTS, formatted, and breaks nothing of the baseline', () => {
    for (const line of [
      ['lint', 'proto'],
      ['format', 'proto', '--exit-code'],
      ['breaking', 'proto', '--against', 'proto/baseline.binpb'],
    ]) {
      execFileSync(process.execPath, [buf, ...line], { cwd: root });
    }
  });

  it('goes with its licence where others take the folder alone', () => {
    expect(readFileSync(join(root, 'proto/LICENSE'), 'utf8')).to.equal(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it('has an HTTP spelling for each call', () => {
    const text = readFileSync(join(root, 'proto/micronets/wsproxy/control/v1/control_service.proto'), 'utf8');
    const calls = [...text.matchAll(/rpc (\w+)\(/g)].map(([, name]) => name);
    expect(calls).to.have.members(Object.keys(controlService));
    expect([...text.matchAll(/option \(google\.api\.http\)/g)]).to.have.length(calls.length);
  });

  it('knows no codec of a message that it does not have', () => {
    expect(() => codecOf('google.rpc.Nothing')).to.throw('no message google.rpc.Nothing');
  });
});

/** Content of a file, or of each file below a folder. */
function filesBelow(path: string): Readonly<Record<string, string>> {
  if (path.endsWith('.binpb')) return { '': readFileSync(path, 'base64') };
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}
