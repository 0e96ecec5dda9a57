import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect } from 'chai';
import { quickStartIn } from '../../../proxy/page/quick-start.js';
import { Scratch } from '../../support/scratch.js';

describe('the first steps that the page shows', () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  function run(name: string): void {
    mkdirSync(scratch.path(`${name}/certs`), { recursive: true });
    scratch.write(`${name}/certs/gateway.pkeycert.pem`, '');
  }

  it('are not there without the development certificates', () => {
    expect(quickStartIn({}, scratch.directory, '/')).to.equal(undefined);
  });

  it('name the certificates and the port of npm start', () => {
    run('.run');
    const steps = quickStartIn({ WS_PROXY_PORT: '6050' }, scratch.directory, '/fleet/');
    expect(steps?.gateway).to.contain('--url wss://localhost:6050/fleet/sub/8675309/00224dd149bb');
    expect(steps?.gateway).to.contain('--cert .run/certs/gateway.pkeycert.pem --ca .run/certs/root.cert.pem');
    expect(steps?.bridge).to.contain('--cert .run/certs/manager.pkeycert.pem');
  });

  it('can be pasted into a shell, wherever the run directory is', () => {
    run("it's $HOME & more");
    const steps = quickStartIn(
      { WS_PROXY_RUN_DIR: scratch.path("it's $HOME & more") },
      scratch.path('elsewhere'),
      "/it's/",
    );
    const words = execFileSync('sh', ['-c', `npx() { printf '%s\\n' "$@"; }; ${steps?.bridge}`], { encoding: 'utf8' });
    expect(words.split('\n')).to.include(scratch.path("it's $HOME & more/certs/manager.pkeycert.pem"));
    expect(words).to.include("wss://localhost:5050/it's/sub/8675309/00224dd149bb");
  });
});
