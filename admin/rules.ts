import { type Command, InvalidArgumentError } from 'commander';
import { type Terminal, terminal } from './terminal.js';

interface RulesFlags {
  /** The operations guide as people in duty reach it, without a fragment. */
  readonly runbooks?: string;
  readonly operator?: true;
}

/** Adds `ws-proxy rules`: the rules of observability/rules, which go with this version's metrics. */
export function register(program: Command, io: Terminal = terminal): void {
  program
    .command('rules')
    .description('print the alerting and recording rules of this version, for Prometheus')
    .option(
      '--runbooks <url>',
      'where your people read docs/operations.md: each runbook_url is its section there (default: the path in the project)',
      runbooks,
    )
    .option('--operator', 'as a PrometheusRule of Kubernetes')
    .action(async (flags: RulesFlags) => {
      const { operatorRules, prometheusRules } = await import('./rules-text.js');
      io.out(flags.operator === true ? operatorRules(flags.runbooks) : prometheusRules(flags.runbooks));
    });
}

function runbooks(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError('It must be http(s)://…, such as https://wiki.example.com/ws-proxy/operations.md.');
  }
  if (url.hash !== '') throw new InvalidArgumentError('Leave the fragment (#…) away: each alert has its own.');
  return url.href;
}
