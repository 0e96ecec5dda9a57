import { Argument, type Command } from 'commander';
import { SHELLS, type Shell, scriptFor } from './completion-script.js';
import { type Terminal, terminal } from './terminal.js';

/** Adds `ws-proxy completion bash|zsh|fish`; register it last, since it completes what is there by then. */
export function register(program: Command, io: Terminal = terminal): void {
  program
    .command('completion')
    .description('prints a script that completes commands and flags in your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', '\nbash: source <(ws-proxy completion bash)\nfish: ws-proxy completion fish | source')
    .action((shell: Shell) => io.out(scriptFor(shell, program)));
}
