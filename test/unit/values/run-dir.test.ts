import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { resolved } from '../../../admin/connection-flags.js';
import { readSettings } from '../../../dev/settings.js';
import { certificatesDirOf, runDirOf } from '../../../proxy/values/run-dir.js';

describe('the run directory', () => {
  it('is $WS_PROXY_RUN_DIR, else .run; an empty variable is none', () => {
    expect(runDirOf({ WS_PROXY_RUN_DIR: '/somewhere' })).to.equal('/somewhere');
    expect(certificatesDirOf({ WS_PROXY_RUN_DIR: '/somewhere' })).to.equal('/somewhere/certs');
    for (const environment of [{}, { WS_PROXY_RUN_DIR: '' }])
      expect(certificatesDirOf(environment)).to.equal('.run/certs');
  });

  it('is the same to the commands, to npm start, and to the scripts that run before the build', async () => {
    // The name is not a literal, so the type checker looks for no declarations.
    const script = pathToFileURL(resolve('scripts/run-lock.mjs')).href;
    const { runDirOf: before } = (await import(script)) as { runDirOf(environment: object): string };
    for (const environment of [{}, { WS_PROXY_RUN_DIR: '' }, { WS_PROXY_RUN_DIR: 'other' }]) {
      const here = resolve(runDirOf(environment));
      expect(before(environment)).to.equal(here);
      expect(readSettings(environment, process.cwd()).runDir).to.equal(here);
      expect(resolve(resolved({}, environment).ca)).to.equal(resolve(here, 'certs', 'root.cert.pem'));
    }
  });

  it('has no part in the address of the control API, of which an empty port is none too', () => {
    expect(resolved({}, { WS_PROXY_CONTROL_PORT: '' }).server).to.equal('localhost:5051');
  });
});
