import { cpSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { itWorksIn } from '../support/example-language.js';
import { useExamples } from '../support/example-programs.js';
import { cameThrough } from '../support/registries.js';
import { Scratch } from '../support/scratch.js';
import { ROOT, textOf } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

/** Milliseconds: modules are fetched and compiled. */
const BUILD_MS = 600_000;
/** What is made there, and not copied. */
const MADE = ['examples/go/bin', 'examples/go/control/gen'].map((path) => join(ROOT, path));

describe('the examples in Go', () => {
  needs('go');
  const scratch = new Scratch();
  after(() => scratch.remove());

  before('are built by the commands of their README', async function () {
    this.timeout(BUILD_MS);
    for (const folder of ['examples/go', 'proto']) {
      cpSync(join(ROOT, folder), scratch.path(folder), { recursive: true, filter: (path) => !MADE.includes(path) });
    }
    const [commands, ...more] = [...textOf('examples/README.md').matchAll(/^```sh\n([^`]*go -C [^`]*)^```$/gm)];
    expect(more).to.deep.equal([]);
    const env = { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter) };
    const made = await tell('sh', ['-euc', commands?.[1] ?? 'exit 1'], { cwd: scratch.directory, env });
    if (!cameThrough(made)) this.skip();
    const checked = await tell('go', ['vet', './...'], { cwd: scratch.path('examples/go'), env });
    expect(checked.code, checked.output).to.equal(0);
    const unlike = await tell('gofmt', ['-l', '.'], { cwd: scratch.path('examples/go'), env });
    expect(unlike.output.split('\n').filter((path) => path !== '' && !path.startsWith('control/gen/'))).to.deep.equal(
      [],
    );
  });

  it('have the plugins that proto/README.md names', () => {
    const module = textOf('examples/go/go.mod');
    const plugins = [...textOf('proto/README.md').matchAll(/go install ([^@\s]+)@(\S+)/g)];
    expect(plugins).to.have.length(2);
    for (const [, path = '', version = ''] of plugins) {
      expect(module).to.match(new RegExp(`^\\t${path}$`, 'm'));
      const owners = [path, path.replace(/\/cmd\/.*/, '')];
      expect(
        owners.some((owner) => module.includes(`\t${owner} ${version}`)),
        path,
      ).to.equal(true);
    }
  });

  const program = (name: string): [string] => [scratch.path(`examples/go/bin/${name}`)];
  const programs = { gateway: program('gateway'), manager: program('manager'), operator: program('control') };
  itWorksIn({ name: 'Go', ...programs }, useExamples());
});
