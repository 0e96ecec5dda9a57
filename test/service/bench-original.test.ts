import { existsSync, mkdirSync } from 'node:fs';
import { expect } from 'chai';
import { startOriginal } from '../bench/rivals/original.js';
import { Scratch } from '../support/scratch.js';

const PYTHON = process.env['PYTHON'] ?? 'python3';

describe('the bench’s Micronets proxy says what is missing', () => {
  const scratch = new Scratch();
  const program = 'bin/websocket-proxy.py';

  before(() => mkdirSync(scratch.path('bin')));
  after(() => scratch.remove());

  async function fault(checkout: string, python: string): Promise<string> {
    const pem = scratch.path('none.pem');
    const started = startOriginal({ checkout, python, serverCertificate: pem, clientCa: pem, core: undefined });
    return started.then(
      ({ stop }) => stop().then(() => 'it runs'),
      (error: Error) => error.message,
    );
  }

  it('the checkout', async () => {
    const elsewhere = scratch.path('elsewhere');
    expect(await fault(elsewhere, PYTHON)).to.equal(
      `${elsewhere} is no checkout of the Micronets proxy: it has no ${program} (--original)`,
    );
  });

  it('its Python', async () => {
    scratch.write(program, '# --bind-address');
    const python = scratch.path('virtualenv/bin/python');
    expect(await fault(scratch.directory, python)).to.equal(
      `there is no ${python}: the checkout's bin/setup-virtualenv.sh makes it, or name a Python by --original-python`,
    );
  });

  it('its options, and does not run one that takes none', async () => {
    const ran = scratch.path('ran');
    scratch.write(program, `open(${JSON.stringify(ran)}, "w")`);
    expect(await fault(scratch.directory, PYTHON)).to.match(
      /takes no options: check its branch \S+ out \(--original\)$/,
    );
    expect(existsSync(ran)).to.equal(false);
  });

  it('a Python that is on no path', async () => {
    scratch.write(program, '# --bind-address');
    expect(await fault(scratch.directory, 'no-such-python')).to.match(/does not run: .*no-such-python ENOENT/);
  });

  it('a module', async () => {
    scratch.write(program, '"--bind-address"\nimport no_such_module');
    expect(await fault(scratch.directory, PYTHON)).to.match(
      /does not run: ModuleNotFoundError: No module named 'no_such_module' \(--original-python\)$/,
    );
  });

  it('what it ended with', async () => {
    scratch.write(program, 'import sys\nsys.exit(0 if "--help" in sys.argv else 3) # --bind-address');
    expect(await fault(scratch.directory, PYTHON)).to.match(/^the Micronets proxy ended with 3: try /);
  });
});
