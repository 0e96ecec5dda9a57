import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { register as blocks } from '../../admin/blocks.js';
import { register as completion } from '../../admin/completion.js';
import { register as drain } from '../../admin/drain.js';
import { register as explain } from '../../admin/explain.js';
import { register as info } from '../../admin/info.js';
import { register as past } from '../../admin/past.js';
import { register as sessions } from '../../admin/sessions.js';
import { register as tap } from '../../admin/tap.js';
import type { Terminal } from '../../admin/terminal.js';
import type { TestEdge } from './envoy.js';
import { RawAuthority } from './raw-authority.js';

const O = '2.5.4.10';

/** The outcome of a command line. */
export interface CommandOutcome {
  readonly out: string;
  readonly notes: string;
  /** Undefined when the command succeeded. */
  readonly failure: { readonly message: string; readonly exitCode: number } | undefined;
}

/** A run directory with a certificate for each operator, and the control commands that use it. */
export class AdminRig {
  readonly folder: string;
  readonly #server: string;

  private constructor(folder: string, server: string) {
    this.folder = folder;
    this.#server = server;
  }

  static async make(edge: TestEdge): Promise<AdminRig> {
    const folder = await mkdtemp(join(tmpdir(), 'wsa-'));
    const certs = join(folder, 'certs');
    await mkdir(certs);
    await writeFile(join(certs, 'root.cert.pem'), edge.authority.certificate);
    for (const name of ['viewer', 'operator', 'tapper', 'admin', 'peer']) {
      await credential(certs, name, edge.authority, name);
    }
    await credential(certs, 'stranger', new RawAuthority([[O, 'elsewhere']]), 'admin');
    return new AdminRig(folder, `localhost:${edge.ports.control}`);
  }

  /** File of an operator's certificate and key. */
  file(operator: string): string {
    return join(this.folder, 'certs', `${operator}.pkeycert.pem`);
  }

  /** Runs one command line, as the admin when it names no certificate. `columns` is the width of its terminal. */
  async run(
    line: readonly string[],
    columns?: number,
    seen: (text: string) => void = () => {},
    noted: (text: string) => void = () => {},
  ): Promise<CommandOutcome> {
    const texts = { out: '', notes: '' };
    const io: Terminal = {
      out: (text) => {
        texts.out += text;
        seen(texts.out);
      },
      note: (text) => {
        texts.notes += text;
        noted(text);
      },
      columns,
      rows: 24,
      environment: { WS_PROXY_RUN_DIR: this.folder },
    };
    const program = new Command('ws-proxy').exitOverride();
    for (const register of [sessions, past, blocks, drain, tap, explain, info, completion]) register(program, io);
    for (const command of program.commands) quiet(command);
    const where = line[0] === 'completion' || line.includes('--server') ? [] : ['--server', this.#server];
    try {
      await program.parseAsync([...line, ...where], { from: 'user' });
      return { ...texts, failure: undefined };
    } catch (error) {
      const { message, exitCode } = error as { message: string; exitCode: number };
      return { ...texts, failure: { message, exitCode } };
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  for (const one of command.commands) quiet(one);
}

async function credential(folder: string, file: string, authority: RawAuthority, organisation: string): Promise<void> {
  const { key, certificate } = authority.issue({ subject: [[O, organisation]] });
  await writeFile(join(folder, `${file}.pkeycert.pem`), key + certificate);
}
