import { Command } from 'commander';
import type { Terminal } from '../../admin/terminal.js';

/** The outcome of a command line. */
export interface Ran {
  readonly out: string;
  /** Undefined when the command succeeded. */
  readonly failure: { readonly message: string; readonly exitCode: number } | undefined;
}

/** Runs a command in this process, with these variables and no other, on no terminal. */
export async function runCommand(
  register: (program: Command, io: Terminal) => void,
  line: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  let out = '';
  const io: Terminal = {
    out: (text) => {
      out += text;
    },
    note: () => {},
    columns: undefined,
    rows: 24,
    environment,
  };
  const program = new Command('ws-proxy').exitOverride();
  register(program, io);
  try {
    await program.parseAsync([...line], { from: 'user' });
    return { out, failure: undefined };
  } catch (error) {
    const { message, exitCode } = error as { message: string; exitCode: number };
    return { out, failure: { message, exitCode } };
  }
}
