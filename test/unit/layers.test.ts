import { basename, posix } from 'node:path';
import { expect } from 'chai';
import { filesBelow, type Source, sources, textOf } from '../support/sources.js';

/** Each folder of `proxy/`, and the other folders that it may import from; lowest first. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  values: [],
  wire: [],
  x509: [],
  ports: ['wire'],
  policy: ['values', 'wire', 'x509'],
  session: ['wire', 'x509', 'ports', 'policy'],
  transport: ['wire', 'ports'],
  cluster: ['values', 'wire', 'ports', 'policy', 'session'],
  telemetry: ['wire', 'x509', 'ports', 'session'],
  history: ['wire', 'x509', 'ports', 'policy', 'session', 'telemetry'],
  control: ['values', 'wire', 'x509', 'ports', 'policy', 'session', 'transport', 'telemetry', 'history'],
  door: ['wire', 'x509', 'ports', 'policy', 'session', 'transport', 'telemetry'],
  page: ['values', 'wire', 'ports', 'policy', 'session', 'telemetry', 'history', 'door'],
  config: ['values', 'wire', 'policy'],
  compose: [
    'x509',
    'ports',
    'policy',
    'session',
    'transport',
    'telemetry',
    'history',
    'control',
    'door',
    'page',
    'config',
    'cluster',
  ],
};

/** The folders inside a layer, lowest first: each may import from the folders before it. `.` is the layer's own files. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  x509: ['encoding', 'names', '.', 'lists'],
  policy: ['rules', 'limits', 'lists', '.'],
  session: ['life', 'views', '.'],
  transport: ['frames', '.', 'dial'],
  cluster: ['.', 'nats', 'membership', 'ownership'],
  telemetry: ['metrics', 'calls', 'logs', 'otlp', '.'],
  door: ['.', 'hop'],
  control: ['generated', 'rpc', 'edge', 'sessions', 'filter', 'calls', 'past', 'fleet', 'fleet-past', 'json', '.'],
};

/** Most files in one folder, so that a reader can take it in at a glance. */
const MAX_FILES = 17;

/** The only packages that the layers without libraries may use. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  values: ['commander'],
  wire: [],
  x509: [],
  policy: ['zod', 'yaml'],
  session: [],
};

/** The only files that may import a package. */
const HOMES: Readonly<Record<string, RegExp>> = {
  ws: /^proxy\/transport\//,
  '@nats-io/jetstream': /^proxy\/cluster\/nats\//,
  '@nats-io/transport-node': /^proxy\/cluster\/nats\//,
  '@opentelemetry/sdk-node': /^proxy\/telemetry\/otlp\/sdk\.ts$/,
  '@opentelemetry/otlp-exporter-base': /^proxy\/telemetry\/otlp\/protobuf-span-exporter\.ts$/,
  '@opentelemetry/otlp-transformer': /^proxy\/telemetry\/otlp\/(?:protobuf-span-exporter|span-serializer)\.ts$/,
};

/** Modules of Node for sockets, files, processes and time. Layers of pure values use none of them. */
const WORLD = /^node:(net|tls|http|https|http2|dgram|dns|fs|child_process|cluster|worker_threads|timers)(\/|$)/;

/** The core's own objects: they live, hold sockets, and can be ended. */
const LIVE = /^proxy\/session\/(?:life\/peer|life\/session|views\/present|registry)\.ts$/;
/** The hot path: code that sees every message gets the live pair, through the narrow interfaces of these names in session/life/message-observer.ts. */
const SHOWN = /\bRelayed(?:Peer|Session)\b/;
const HOT_PATH = [
  'proxy/control/calls/tap.ts',
  'proxy/control/calls/taps.ts',
  'proxy/telemetry/calls/invocation-spans.ts',
  'proxy/telemetry/calls/invocation-table.ts',
  'proxy/telemetry/calls/invocations.ts',
  'proxy/telemetry/calls/journal.ts',
  'proxy/telemetry/calls/span-base.ts',
];

const PAGE_CONTRACT = ['page/answer.ts', 'page/answer-past.ts', 'page/buckets.ts'];

const MAX_LINES = 250;
/** Test files carry tables of cases. */
const MAX_TEST_LINES = 280;
/** A table has as many lines as it has rows. */
const TABLES = ['proxy/wire/close.ts', 'proxy/config/options.ts', 'proxy/telemetry/metrics/metric-table.ts'];

const BANNED_NAMES = ['utils', 'util', 'helpers', 'helper', 'types', 'manager', 'index', 'common', 'misc'];

interface Import {
  readonly file: string;
  /** The path of the file from the project's folder; for a package, the specifier as written. */
  readonly target: string;
  readonly local: boolean;
}

const ours = sources('proxy', 'peer', 'certs', 'admin', 'dev', 'doctor', 'cli', 'page');
const imports = ours.flatMap(importsOf);

describe('layers', () => {
  it('are read from every form of import', () => {
    const text = `import 'a';\nimport { b,\n  c } from './b.js';\nexport * from '../c/d.js';\ntype E = import('e').E;\nimport type { F } from '@f/g/h';`;
    const found = importsOf({ path: 'proxy/door/x.ts', text }).map(({ target }) => target);
    expect(found).to.deep.equal(['a', 'proxy/door/b.ts', 'proxy/c/d.ts', 'e', '@f/g/h']);
    expect(imports.map(told)).to.include('proxy/transport/library-socket.ts imports ws');
    expect(mayImport('proxy/wire/a.ts', 'proxy/session/life/peer.ts')).to.equal(false);
    expect(mayImport('proxy/door/a.ts', 'proxy/compose/proxy.ts')).to.equal(false);
  });

  it('each file of proxy/ imports only from its own folder or from a layer to its left', () => {
    const wrong = imports.filter(
      ({ file, target, local }) => local && file.startsWith('proxy/') && !mayImport(file, target),
    );
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it('every folder of proxy/ has its place among the layers', () => {
    const folders = new Set(ours.map(({ path }) => layerOf(path)).filter((layer) => layer !== undefined));
    expect(Object.keys(MAY_IMPORT)).to.include.members([...folders]);
  });

  it('each folder inside a layer imports only from itself or from one below it', () => {
    const floorOf = (path: string): number => {
      const [, layer = '', folder = '.'] = /^proxy\/([^/]+)\/(?:([^/]+)\/)?/.exec(path) ?? [];
      return FLOORS[layer]?.indexOf(folder) ?? 0;
    };
    const inside = imports.filter(
      ({ file, target }) => layerOf(file) !== undefined && layerOf(file) === layerOf(target),
    );
    const unknown = inside.flatMap(({ file, target }) => [file, target]).filter((path) => floorOf(path) < 0);
    expect(unknown).to.deep.equal([]);
    expect(inside.filter(({ file, target }) => floorOf(file) < floorOf(target)).map(told)).to.deep.equal([]);
  });

  it('no file of proxy/ hands on what another layer exports', () => {
    const handing = /^export\b[^;'"`(]*?\bfrom\s*['"](\.[^'"]+)['"]/gm;
    const handed = ours.flatMap(({ path, text }) =>
      [...text.matchAll(handing)]
        .map(([, written = '']) => posix.join(posix.dirname(path), written))
        .filter((target) => layerOf(target) !== layerOf(path))
        .map((target) => `${path} hands on ${target}`),
    );
    expect(handed).to.deep.equal([]);
  });

  it('peer/ imports values, wire, ports, x509 and transport, and nothing else of the proxy', () => {
    const wrong = imports.filter(
      ({ file, target, local }) =>
        local &&
        file.startsWith('peer/') &&
        target.startsWith('proxy/') &&
        !/^proxy\/(values|wire|ports|x509|transport)\//.test(target),
    );
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it('a package that has a home is imported from there alone', () => {
    const wrong = imports.filter(({ file, target, local }) => !local && HOMES[packageOf(target)]?.test(file) === false);
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it('wire, x509, policy and session use no library but the few that are named', () => {
    const wrong = imports.filter(({ file, target, local }) => {
      const allowed = LIBRARIES[layerOf(file) ?? ''];
      return !local && allowed !== undefined && !target.startsWith('node:') && !allowed.includes(packageOf(target));
    });
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it('live peers and sessions, their table and the registry stay in session/: beside it the composition alone knows them', () => {
    const outside = imports.filter(
      ({ file, target }) =>
        LIVE.test(target) && !file.startsWith('proxy/session/') && !file.startsWith('proxy/compose/'),
    );
    expect(outside.map(told)).to.deep.equal([]);
  });

  it('only what is shown every message knows a pair that is relayed', () => {
    const shown = ours.filter(({ path, text }) => SHOWN.test(text) && !path.startsWith('proxy/session/'));
    expect(shown.map(({ path }) => path).sort()).to.deep.equal(HOT_PATH);
  });

  it('wire, x509 and session know no socket, no file and no timer of the system', () => {
    const wrong = imports.filter(
      ({ file, target }) => /^proxy\/(wire|x509|session)\//.test(file) && WORLD.test(target),
    );
    expect(wrong.map(told)).to.deep.equal([]);
  });
});

describe('files', () => {
  const all = [...ours, ...sources('library', 'test')].filter(({ path }) => !path.includes('/generated/'));

  it(`have at most ${MAX_LINES} lines, tests ${MAX_TEST_LINES}`, () => {
    const limit = (path: string): number => (path.startsWith('test/') ? MAX_TEST_LINES : MAX_LINES);
    const long = all.filter(({ path, text }) => !TABLES.includes(path) && lines(text) > limit(path));
    expect(long.map(({ path, text }) => `${path}: ${lines(text)}`)).to.deep.equal([]);
  });

  it(`stand at most ${MAX_FILES} in one folder of proxy/`, () => {
    const counts = new Map<string, number>();
    for (const { path } of all.filter((source) => source.path.startsWith('proxy/'))) {
      counts.set(posix.dirname(path), (counts.get(posix.dirname(path)) ?? 0) + 1);
    }
    expect(counts.size).to.be.greaterThan(20);
    expect([...counts].filter(([, count]) => count > MAX_FILES)).to.deep.equal([]);
  });

  it('have names that say what is in them', () => {
    const bad = all.filter(({ path }) => BANNED_NAMES.includes(basename(path).split('.')[0] ?? ''));
    expect(bad.map(({ path }) => path)).to.deep.equal([]);
  });

  it('silence neither the compiler nor the linter', () => {
    const silencer = new RegExp(['@ts-' + 'ignore', '@ts-' + 'nocheck', 'biome-' + 'ignore'].join('|'));
    expect(all.filter(({ text }) => silencer.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });

  it('put nothing in the place of a process id that is not there: 0 is the own process group', () => {
    const fallbacks = [/\bpid\)?\s*(?:\?\?|\|\|\s*\d)/, /\bkill\([^;]*?(?:\?\?|\|\|)[^;]*?,\s*['"]SIG/];
    const programs = /\.(?:ts|mjs|cjs|js)$/;
    const texts = ['bench', 'bin', 'scripts', 'test'].flatMap(filesBelow).filter((path) => programs.test(path));
    expect(texts).to.include('scripts/command.mjs').and.include('test/support/terminal-run.ts');
    const others = texts.map((path) => ({ path, text: textOf(path) }));
    const found = [...all, ...others].filter(({ text }) => fallbacks.some((one) => one.test(text)));
    expect(found.map(({ path }) => path)).to.deep.equal([]);
  });

  it('leave no test out, and no test alone', () => {
    const partial = /\b(?:it|describe|context)\.(?:only|skip)\b/;
    expect(all.filter(({ text }) => partial.test(text)).map(({ path }) => path)).to.deep.equal([]);
  });
});

function mayImport(file: string, target: string): boolean {
  // The answers to the page are a contract that both sides import.
  if (file.startsWith('proxy/page/') && PAGE_CONTRACT.includes(target)) return true;
  const [from, to] = [layerOf(file), layerOf(target)];
  // The files beside the folders join them, and nothing imports those files back.
  if (from === undefined) return true;
  if (to === undefined) return false;
  return from === to || MAY_IMPORT[from]?.includes(to) === true;
}

/** `session` for `proxy/session/…`; undefined for other files. */
function layerOf(path: string): string | undefined {
  return /^proxy\/([^/]+)\//.exec(path)?.[1];
}

function importsOf({ path, text }: Source): Import[] {
  const code =
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(code)].map((match) => {
    const written = match[1] ?? match[2] ?? match[3] ?? '';
    const local = written.startsWith('.');
    const target = local ? posix.join(posix.dirname(path), written).replace(/\.js$/, '.ts') : written;
    return { file: path, target, local };
  });
}

function packageOf(target: string): string {
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/');
}

function told({ file, target }: Import): string {
  return `${file} imports ${target}`;
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}
