import { type Command, InvalidArgumentError } from 'commander';
import { safe } from '../proxy/wire/safe-text.js';

interface HealthFlags {
  readonly url?: URL;
  readonly timeout: number;
}

/** Adds `ws-proxy healthcheck`, the probe of containers: an image needs no curl for it. */
export function register(program: Command): void {
  program
    .command('healthcheck')
    .description('ask the probe of a running service; exit 0 when it says yes, 1 when it does not')
    .option('--url <url>', 'the probe (default: /readyz on loopback, port WS_PROXY_METRICS_PORT or 9464)', url)
    .option('--timeout <seconds>', 'time for the answer, 1 to 60', seconds, 3)
    .action(check);
}

async function check({ url: given, timeout }: HealthFlags): Promise<void> {
  const asked = given ?? new URL(`http://127.0.0.1:${process.env['WS_PROXY_METRICS_PORT'] || 9464}/readyz`);
  const answer = await ask(asked, timeout);
  if (answer === undefined) return;
  console.error(`error: ${asked.href}: ${safe(answer)}`);
  process.exitCode = 1;
}

/** Undefined for a yes, else what is wrong. */
async function ask(asked: URL, timeout: number): Promise<string | undefined> {
  try {
    const response = await fetch(asked, { signal: AbortSignal.timeout(timeout * 1000), redirect: 'error' });
    if (response.status === 200) return undefined;
    return `${response.status} ${(await response.text()).slice(0, 200).trim()}`;
  } catch (error) {
    const { name, cause } = error as Error;
    if (name === 'TimeoutError') return `no answer within ${timeout} s`;
    return cause instanceof Error ? cause.message : 'no answer';
  }
}

function url(text: string): URL {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed?.protocol === 'http:') return parsed;
  throw new InvalidArgumentError('Give an http URL.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d{1,2}$/.test(text) && value >= 1 && value <= 60) return value;
  throw new InvalidArgumentError('Give 1 to 60.');
}
