import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { Scratch } from '../support/scratch.js';
import { isThere, ROOT, textOf } from '../support/sources.js';
import { needs, type ProgramOutcome, tell } from '../support/tools.js';

/** Milliseconds to compile and pack what is released. */
const PACK_MS = 300_000;
/** When the commit was made, in seconds since 1970. */
const COMMITTED = 1_700_000_000;
const { version } = JSON.parse(textOf('package.json')) as { version: string };

describe('npm run release:pack', () => {
  needs('git', 'tar');
  const scratch = new Scratch();
  const [first, second] = [scratch.path('one'), scratch.path('another/clone of it')];
  const release = (name: string): string => join(first, 'release', name);
  after(() => scratch.remove());

  const done = async (
    command: string,
    args: readonly string[],
    options: Parameters<typeof tell>[2] = {},
  ): Promise<string> => {
    const { code, output } = await tell(command, args, options);
    expect(code, output).to.equal(0);
    return output;
  };
  const git = (...args: readonly string[]): Promise<string> => {
    const date = `${COMMITTED} +0000`;
    const who = ['NAME', 'EMAIL'].flatMap((key) => [`GIT_AUTHOR_${key}`, `GIT_COMMITTER_${key}`]);
    const env = { ...process.env, ...Object.fromEntries(who.map((key) => [key, 'test'])) };
    return done('git', args, { cwd: first, env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } });
  };
  /** Packs in a clone, under a umask and with further variables; no tag of the workflow that this runs in counts. */
  const pack = (clone: string, umask: string, more: NodeJS.ProcessEnv = {}): Promise<ProgramOutcome> => {
    const { GITHUB_REF_NAME: _, SOURCE_DATE_EPOCH: __, ...own } = process.env;
    const args = ['-c', 'umask "$0" && exec "$@"', umask, process.execPath, join(clone, 'scripts/release.mjs')];
    return tell('sh', args, { cwd: clone, env: { ...own, ...more } });
  };
  /** What is in an archive, each with who has which right, its owner and its size. */
  const listed = async (name: string): Promise<string[]> =>
    (await done('tar', ['-tvzf', release(name), '--numeric-owner'], { env: { ...process.env, TZ: 'UTC' } }))
      .trimEnd()
      .split('\n');

  before('two clones of what is here, with what is changed', async function () {
    this.timeout(PACK_MS);
    const files = (await done('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT }))
      .split('\0')
      .filter((path) => path !== '' && isThere(path) && !path.startsWith('test/'));
    for (const path of files) {
      mkdirSync(dirname(join(first, path)), { recursive: true });
      cpSync(join(ROOT, path), join(first, path));
    }
    const changelog = textOf('CHANGELOG.md').replace(`## ${version} (not released)`, `## ${version} (2023-11-14)`);
    writeFileSync(join(first, 'CHANGELOG.md'), changelog);
    await git('init', '--quiet');
    await git('add', '--all');
    await git('commit', '--quiet', '--no-gpg-sign', '--message', 'all');
    await done('sh', ['-c', 'umask 077 && git clone --quiet "$0" "$1"', first, second]);
    for (const clone of [first, second]) symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
    // Left by an earlier build, and no part of any release.
    mkdirSync(join(second, 'dist/proxy'), { recursive: true });
    writeFileSync(join(second, 'dist/proxy/gone.js'), '');
    const one = await pack(first, '022', { TZ: 'UTC', LC_ALL: 'C' });
    const other = await pack(second, '077', { TZ: 'Pacific/Kiritimati', LC_ALL: 'C.UTF-8' });
    for (const { code, output } of [one, other]) expect(code, output).to.equal(0);
  });

  it('makes the same bytes of one commit, in whichever folder, under whichever umask, at whichever time', () => {
    const [one, other] = [first, second].map((clone) => readFileSync(join(clone, 'release/SHA256SUMS'), 'utf8'));
    expect(one).to.equal(other);
  });

  it('makes all parts, and the sum of each', () => {
    const names = ['micronets-ws-proxy', 'micronets-ws-proxy-control', 'micronets-ws-proxy-peer', 'ws-proxy-deploy'];
    if (isThere('deploy/helm/ws-proxy/Chart.yaml')) names.push('ws-proxy');
    const parts = [...names.map((name) => `${name}-${version}.tgz`), 'sbom.cdx.json'].sort();
    expect(readdirSync(join(first, 'release')).sort()).to.deep.equal(['SHA256SUMS', ...parts]);
    const sums = parts.map((name) => {
      const sum = createHash('sha256')
        .update(readFileSync(release(name)))
        .digest('hex');
      return `${sum}  ${name}`;
    });
    expect(readFileSync(release('SHA256SUMS'), 'utf8').trimEnd().split('\n')).to.have.members(sums);
    const notes = readFileSync(join(first, 'release-notes.md'), 'utf8').trim();
    expect(textOf('CHANGELOG.md')).to.contain(notes);
    expect(notes).to.match(/^- /).and.not.to.contain('\n## ');
  });

  it('has archives of nobody, with the time of the commit and the rights that git knows', async () => {
    const all = await Promise.all(
      readdirSync(join(first, 'release'))
        .filter((name) => name.endsWith('.tgz'))
        .map(listed),
    );
    const time = new Date(COMMITTED * 1000).toISOString().slice(0, 16).replace('T', ' ');
    for (const line of all.flat()) expect(line).to.match(new RegExp(`^-rw(-r--r--|xr-xr-x) 0/0 +\\d+ ${time} `));
    const programs = all
      .flat()
      .filter((line) => line.startsWith('-rwx'))
      .map((line) => line.split(' ').at(-1));
    expect(programs).to.include.members(['package/bin/ws-proxy.js', `ws-proxy-${version}/deploy/systemd/install.sh`]);
  });

  it('has a package whose command runs, and nothing of another build in it', async () => {
    const folder = scratch.path('unpacked');
    mkdirSync(folder);
    await done('tar', ['-xzf', release(`micronets-ws-proxy-${version}.tgz`), '-C', folder]);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const command = join(folder, 'package/bin/ws-proxy.js');
    expect(await done(process.execPath, [command, '--version'])).to.contain(version);
    const inside = await listed(`micronets-ws-proxy-${version}.tgz`);
    expect(inside.filter((line) => /dist\/(test|dev)\/|gone\.js/.test(line))).to.deep.equal([]);
  });

  it('has all that the image, the compose files and the units are made of', async () => {
    const folder = `ws-proxy-${version}/`;
    const inside = (await listed(`ws-proxy-deploy-${version}.tgz`)).map((line) => line.split(folder).at(-1) ?? '');
    const isInside = (path: string): boolean => inside.some((one) => one === path || one.startsWith(`${path}/`));
    const copied = [...textOf('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, names]) => names?.split(' ') ?? [],
    );
    const admitted = [...textOf('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name = '']) => name);
    const mounted = [...textOf('docker-compose.yml').matchAll(/\.\/((?:deploy|observability)\/[^:}]+)/g)].map(
      ([, name = '']) => name,
    );
    const paths = [
      ...copied,
      ...admitted,
      ...mounted,
      'docker-compose.fleet.yml',
      'deploy/systemd/install.sh',
      'examples/go/go.mod',
    ];
    expect(copied).to.include('package.json');
    expect(paths.filter((path) => path !== '.' && !isInside(path))).to.deep.equal([]);
    expect(inside.filter((path) => /^(test|\.github|node_modules|dist)\//.test(path))).to.deep.equal([]);
  });

  it('has the sources of the libraries, which are the same when they are packed from there', async () => {
    const folder = scratch.path('deployed');
    mkdirSync(folder);
    await done('tar', ['-xzf', release(`ws-proxy-deploy-${version}.tgz`), '-C', folder]);
    const sources = join(folder, `ws-proxy-${version}`);
    symlinkSync(join(ROOT, 'node_modules'), join(sources, 'node_modules'));
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(COMMITTED) };
    const script = join(sources, 'scripts/pack-libraries.mjs');
    await done(process.execPath, [script, folder], { cwd: sources, env });
    const libraries = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    expect(libraries).to.have.length(2);
    for (const name of libraries) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(release(name))), name).to.equal(true);
    }
  }).timeout(PACK_MS);

  it('has a bill of materials that nothing in it dates but the commit', () => {
    const bill = JSON.parse(readFileSync(release('sbom.cdx.json'), 'utf8')) as {
      serialNumber?: string;
      metadata: { timestamp: string; component: { name: string; version: string } };
      components: { name: string }[];
    };
    expect(bill.serialNumber).to.equal(undefined);
    expect(Date.parse(bill.metadata.timestamp)).to.equal(COMMITTED * 1000);
    expect(bill.metadata.component).to.include({ name: '@micronets/ws-proxy', version });
    const names = bill.components.map(({ name }) => name);
    expect(names).to.include('ws').and.not.to.include('mocha');
  });

  it('refuses a tag that is not of this version, of a changelog that is not ready, or of another tree', async () => {
    const wrong = await pack(second, '022', { GITHUB_REF_NAME: 'v9.9.9' });
    expect(wrong).to.deep.include({ code: 1 });
    expect(wrong.output).to.equal(`error: the tag is v9.9.9 and package.json says ${version}: make them agree\n`);
    rmSync(join(second, 'SECURITY.md'));
    const changed = await pack(second, '022', { GITHUB_REF_NAME: `v${version}` });
    expect(changed.output).to.equal('error: this is not as in the commit: D SECURITY.md: commit or undo it\n');
    writeFileSync(join(second, 'CHANGELOG.md'), `# Changelog\n\n## ${version} (not released)\n\n- All.\n`);
    const early = await pack(second, '022', { GITHUB_REF_NAME: `v${version}` });
    expect(early.output).to.match(/^error: CHANGELOG.md has \S+ as not released: npm run release:version -- \S+\n$/);
    expect([changed.code, early.code]).to.deep.equal([1, 1]);
  });
});
