import { join } from 'node:path';
import { expect } from 'chai';
import { commandsIn, documents, type Snippet } from '../support/documents.js';
import { Scratch } from '../support/scratch.js';
import { isThere, ROOT, textOf } from '../support/sources.js';
import { tell } from '../support/tools.js';

/** Commands of npm itself, which need no script. */
const npmOwn = ['ci', 'install', 'pack', 'audit', 'sbom', 'version', 'ls', 'init', 'pkg'];

const helps = new Map<string, Promise<string>>();

/** `--help` of a command, asked once. */
function helpOf(words: readonly string[]): Promise<string> {
  const key = words.join(' ');
  const known = helps.get(key);
  if (known !== undefined) return known;
  const asked = tell(process.execPath, ['bin/ws-proxy.js', ...words, '--help'], { cwd: ROOT });
  const help = asked.then(({ code, output }) => (code === 0 ? output : ''));
  helps.set(key, help);
  return help;
}

/** Another command within this one, whose output it takes. */
const INNER = /\$\([^()]*\)/g;

/** The fault of a `ws-proxy …` in a document; undefined when the command and its flags exist. */
async function fault(command: string): Promise<string | undefined> {
  const words =
    command
      .replace(INNER, 'OUTPUT')
      .split(/ [|>&#;]/, 1)[0]
      ?.trim()
      .split(/\s+/) ?? [];
  const path: string[] = [];
  let help = await helpOf(path);
  for (const word of words) {
    if (!/^[a-z][a-z-]*$/.test(word) || !help.includes('\nCommands:')) break;
    if (!new RegExp(`^  ${word}\\b`, 'm').test(help)) return `there is no ${[...path, word].join(' ')}`;
    path.push(word);
    help = await helpOf(path);
  }
  const flags = words.filter((word) => /^-/.test(word)).map((word) => word.split('=', 1)[0] ?? '');
  const missing = flags.find(
    (flag) => !new RegExp(`(?:^|[\\s,])${flag.replace('--no-', '--(?:no-)?')}(?![\\w-])`, 'm').test(help),
  );
  return missing === undefined ? undefined : `ws-proxy ${path.join(' ')} has no ${missing}`;
}

describe('commands of the documents', function () {
  this.timeout(60_000);
  const all = documents().flatMap(commandsIn);
  const where = ({ path, line, text }: Snippet): string => `${path}:${line}: ${text}`;

  it('ws-proxy … are commands with those flags', async () => {
    const faults: string[] = [];
    let count = 0;
    for (const snippet of all) {
      const command = /^(?:npx +ws-proxy|(?:\S*bin\/)?ws-proxy(?:\.js)?) +(.+)$/.exec(snippet.text)?.[1];
      if (command === undefined || command === '…') continue;
      count += 1;
      const why = await fault(command);
      if (why !== undefined) faults.push(`${where(snippet)}: ${why}`);
    }
    expect(faults).to.deep.equal([]);
    expect(count).to.be.greaterThan(30);
  });

  it('npm … are scripts of package.json', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const faults = all.filter(({ text }) => {
      const names = [...text.matchAll(/(?:^|&& )npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name);
      return names.some((name) => !Object.hasOwn(scripts, name) && !npmOwn.includes(name));
    });
    expect(faults.map(where)).to.deep.equal([]);
  });

  it('scripts and files that are called are there', () => {
    const faults = all.filter(({ text }) => {
      const path = /^(?:sudo |bash |node |sh )?((?:deploy|scripts|\.ci|bin)\/[\w./-]+)/.exec(text)?.[1];
      return path !== undefined && !isThere(path);
    });
    expect(faults.map(where)).to.deep.equal([]);
  });

  it('npx ws-proxy in the clone is this program, and no registry is asked', async () => {
    const scratch = new Scratch();
    // The registry cannot be reached, and npm's cache is empty.
    const env = {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_cache: scratch.directory,
      npm_config_offline: 'true',
    };
    const { version } = JSON.parse(textOf('package.json')) as { version: string };
    for (const folder of ['', 'docs']) {
      const told = await tell('npx', ['--yes', 'ws-proxy', '--version'], { cwd: join(ROOT, folder), env });
      expect(told).to.deep.equal({ code: 0, output: `${version}\n` });
    }
    scratch.remove();
  });

  it('documents call npx ws-proxy where they are in the clone only', () => {
    const inTheClone = ['README.md', 'CONTRIBUTING.md', 'test/bench/README.md'];
    const elsewhere = all.filter(({ path, text }) => text.startsWith('npx ws-proxy ') && !inTheClone.includes(path));
    expect(elsewhere.map(where)).to.deep.equal([]);
  });
});
