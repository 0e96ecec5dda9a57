import { expect } from 'chai';
import { Command } from 'commander';
import { register as envoy } from '../../../envoy/command.js';
import { register as peer } from '../../../peer/command.js';
import { flagOf, type OptionRow, options } from '../../../proxy/config/options.js';
import { parseValue } from '../../../proxy/config/value.js';
import { MAX_DEBT } from '../../../proxy/session/life/throttle.js';
import { readDuration } from '../../../proxy/values/duration.js';
import { readSize } from '../../../proxy/values/size.js';
import { MAX_REASON_BYTES } from '../../../proxy/wire/close.js';
import { MAX_CLAIM_CHARS } from '../../../proxy/wire/hello.js';
import { MAX_MEETUP_ID_BYTES } from '../../../proxy/wire/path.js';
import { documents } from '../../support/documents.js';
import { textOf } from '../../support/sources.js';
import { type StatedDefault, statedIn } from '../../support/stated-values.js';

/** Old releases keep the defaults that they had. */
const HISTORY = 'CHANGELOG.md';
const rows = new Map<string, OptionRow>(
  Object.entries(options).flatMap(([key, row]) => [
    [key, row],
    [flagOf(key), row],
  ]),
);
/** Defaults of the flags of a command and its subcommands. */
const ofEnvoy = flagsOf(envoy);
const ofPeer = flagsOf(peer);

/** Sentences that state a default without the name of its option, and the value that they must state. */
const sentences: readonly (readonly [document: string, says: RegExp, option: keyof typeof options])[] = [
  ['README.md', /the proxy pings every (\d+ ?\w+);/, 'pingInterval'],
  ['docker-compose.yml', /The drain's deadline is (\d+ ?\w+);/, 'drainDeadline'],
  ['deploy/systemd/ws-proxy.service', /the drain's deadline is (\d+ ?\w+),/, 'drainDeadline'],
  ['deploy/kubernetes/base/deployment.yaml', /the drain's deadline (\d+ ?\w+) and/, 'drainDeadline'],
  ['proto/PROTOCOL.md', /the reason is `Ping timed out \((\d+ ?\w)econds\)`/, 'pingTimeout'],
];

/** Bounds that no option changes, as PROTOCOL.md and README.md write them. */
const fixed: readonly (readonly [document: string, says: string])[] = [
  ['proto/PROTOCOL.md', `1 to ${MAX_MEETUP_ID_BYTES} bytes of segments`],
  ['proto/PROTOCOL.md', `of 1 to ${MAX_CLAIM_CHARS} characters`],
  ['proto/PROTOCOL.md', `cut to ${MAX_REASON_BYTES} bytes of UTF-8`],
  ['proto/PROTOCOL.md', `owes more than ${MAX_DEBT / 1000} s`],
  ['README.md', `| a meetup id | ${MAX_MEETUP_ID_BYTES} bytes |`],
];

describe('defaults that documents state', () => {
  const stated = documents()
    .filter((path) => path !== HISTORY)
    .flatMap((path) => statedIn(textOf(path)).map((one) => ({ path, ...one })));

  it('are read from every form that is written', () => {
    const read = (text: string): StatedDefault[] => statedIn(text);
    expect(read('| a | 15 000 / 1,024 (`--one`, `--two`) |')).to.deep.equal([
      { name: 'one', value: '15000' },
      { name: 'two', value: '1024' },
    ]);
    expect(read('400 at once, 4 MiB (`--one`)')).to.deep.equal([{ name: 'one', value: '4MiB' }]);
    expect(read('`--one` (20,000), and _oneMore_ (10 s)')).to.deep.equal([
      { name: 'one', value: '20000' },
      { name: 'oneMore', value: '10s' },
    ]);
    expect(read('_one_ (`/v1/a/`)')).to.deep.equal([{ name: 'one', value: '/v1/a/' }]);
    expect(read('5 min (`--one`), not more')).to.deep.equal([{ name: 'one', value: '5m' }]);
    expect(read('the deny list (`--deny-list`), by fingerprint | 2 s')).to.deep.equal([]);
  });

  it('are found where they are most', () => {
    const count = (path: string): number => stated.filter((one) => one.path === path).length;
    expect(count('README.md')).to.be.at.least(17);
    expect(count('proto/PROTOCOL.md')).to.be.at.least(12);
    expect(count('envoy/README.md')).to.be.at.least(2);
  });

  for (const { path, name, value } of stated) {
    it(`${path}: ${name} is ${value}`, () => expect(isDefault(path, name, value)).to.equal(true));
  }

  for (const [path, says, option] of sentences) {
    it(`${path}: ${option} in a sentence`, () => {
      const [, value = ''] = says.exec(textOf(path)) ?? [];
      expect(isDefault(path, option, value.replace(' ', ''))).to.equal(true);
    });
  }

  for (const [path, says] of fixed) {
    it(`${path} says ${says}`, () => expect(textOf(path).replaceAll(/\s+/g, ' ')).to.include(says));
  }
});

/** Tells whether the stated default is true. Where two commands have the flag, the document's own command counts. */
function isDefault(path: string, name: string, value: string): boolean {
  const row = path === 'envoy/README.md' ? undefined : rows.get(name);
  if (row?.default !== undefined) {
    const said = parseValue(row, value);
    const preset = parseValue(row, row.default);
    return 'ok' in said && 'ok' in preset && said.ok === preset.ok;
  }
  return [...(ofEnvoy.get(name) ?? []), ...(ofPeer.get(name) ?? [])].includes(plain(value));
}

/** The value as commander would read it: milliseconds, bytes or a count. */
function plain(value: string): number {
  const [read] = [readDuration(value), readSize(value)].flatMap((quantity) => ('ok' in quantity ? [quantity.ok] : []));
  return read ?? Number.NaN;
}

function flagsOf(register: (program: Command) => void): Map<string, Set<unknown>> {
  const flags = new Map<string, Set<unknown>>();
  const look = (command: Command): void => {
    for (const option of command.options) {
      const name = option.long?.slice(2) ?? '';
      flags.set(name, (flags.get(name) ?? new Set()).add(option.defaultValue));
    }
    for (const below of command.commands) look(below);
  };
  const program = new Command();
  register(program);
  look(program);
  return flags;
}
