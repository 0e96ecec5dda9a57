import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { cameThrough } from '../support/registries.js';
import { Scratch } from '../support/scratch.js';
import { ROOT, textOf } from '../support/sources.js';
import { needs, tell } from '../support/tools.js';

/** Milliseconds for one language: compilers and their packages are fetched. */
const LANGUAGE_MS = 600_000;
/** What each language must have installed, and a file that stands there in the end. */
const LANGUAGES: Readonly<Record<string, { readonly needs: readonly string[]; readonly made: string }>> = {
  Python: { needs: ['python3'], made: 'gen/micronets/wsproxy/control/v1/control_service_pb2_grpc.py' },
  TypeScript: { needs: ['npm'], made: 'gen/micronets/wsproxy/control/v1/control_service_pb.ts' },
  Go: { needs: ['go'], made: 'gen/micronets/wsproxy/control/v1/control_service_grpc.pb.go' },
  Java: { needs: ['mvn', 'javac'], made: 'target/classes/micronets/wsproxy/control/v1/ControlServiceGrpc.class' },
};

interface Block {
  readonly kind: string;
  readonly text: string;
}

const [, ...sections] = textOf('proto/README.md').split(/^### /m);
const languages = sections.map((section) => ({ name: section.split('\n')[0] ?? '', blocks: blocksIn(section) }));

function blocksIn(text: string): Block[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind = '', block = '']) => ({ kind, text: block }));
}

/** The name that a shown file says in a comment on its first line. */
function fileNameOf({ text }: Block): string {
  const [, name] = /^(?:#|<!--) (\S+)(?: -->)?\n/.exec(text) ?? [];
  if (name === undefined) throw new Error(`a file without its name: ${text.slice(0, 80)}`);
  return name;
}

describe('proto/README.md', () => {
  const scratch = new Scratch();
  after(() => scratch.remove());

  /** An empty folder with the contract, and the environment of who has installed buf. */
  const place = (name: string): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } => {
    const cwd = scratch.path(name);
    mkdirSync(cwd);
    cpSync(join(ROOT, 'proto'), join(cwd, 'proto'), { recursive: true });
    const { PYTHONPATH: _, ...own } = process.env;
    return { cwd, env: { ...own, PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter) } };
  };

  it('names four languages', () => expect(languages.map(({ name }) => name)).to.have.members(Object.keys(LANGUAGES)));

  it('another module of buf takes messages of the contract, with the public ones from elsewhere', async () => {
    const { cwd, env } = place('workspace');
    const [workspace] = blocksIn(textOf('proto/README.md')).filter(({ text }) => text.startsWith('# buf.yaml\n'));
    writeFileSync(join(cwd, 'buf.yaml'), `${workspace?.text}  - path: apis\n`);
    cpSync(join(cwd, 'proto/google'), join(cwd, 'apis/google'), { recursive: true });
    mkdirSync(join(cwd, 'own'));
    const session = 'micronets.wsproxy.control.v1.Session';
    const lines = [
      'syntax = "proto3";',
      'package own;',
      'import "micronets/wsproxy/control/v1/session.proto";',
      `message Own { ${session} session = 1; }`,
    ];
    writeFileSync(join(cwd, 'own/own.proto'), lines.join('\n'));
    const { code, output } = await tell('buf', ['build', '--output', 'own.binpb'], { cwd, env });
    expect(code, output).to.equal(0);
  }).timeout(LANGUAGE_MS);

  for (const { name, blocks } of languages) {
    describe(name, () => {
      const { needs: programs, made } = LANGUAGES[name] ?? { needs: [], made: name };
      needs(...programs);

      it('a client is made by the commands', async function () {
        const { cwd, env } = place(name);
        const commands = blocks.filter(({ kind }) => kind === 'sh');
        for (const block of blocks.filter(({ kind }) => kind !== 'sh')) {
          writeFileSync(join(cwd, fileNameOf(block)), block.text);
        }
        expect(commands).to.have.length(1);
        const outcome = await tell('sh', ['-euc', commands.map(({ text }) => text).join('')], { cwd, env });
        if (!cameThrough(outcome)) this.skip();
        expect(existsSync(join(cwd, made)), outcome.output).to.equal(true);
      }).timeout(LANGUAGE_MS);
    });
  }
});
