import type { Command } from 'commander';
import { flagOf, options } from './config/options.js';

/** Adds `ws-proxy serve`; its flags are the option table. */
export function register(program: Command): void {
  const command = program
    .command('serve')
    .description('run the rendezvous service; the edge (Envoy) stands in front of it')
    .option('--config <file>', 'YAML file of options (WS_PROXY_CONFIG)');
  for (const [key, row] of Object.entries(options)) {
    const preset = 'default' in row && row.default !== '' ? ` (default ${row.default})` : '';
    command.option(`--${flagOf(key)} <${row.kind}>`, `${row.help}${preset}`);
  }
  command.action(async (flags: Record<string, string>) => {
    const { serve } = await import('./serve.js');
    await serve(flags);
  });
}
