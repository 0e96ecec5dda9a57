import { type Command, InvalidArgumentError, Option } from 'commander';
import { duration } from '../proxy/values/argument.js';
import { writeDuration } from '../proxy/values/duration.js';
import { safe } from '../proxy/wire/safe-text.js';

interface HealthFlags {
  readonly url?: URL;
  /** Milliseconds. */
  readonly timeout: number;
}

const answerTime = duration({ min: 1_000, max: 60_000, plainSeconds: true });

/** Adds `ws-proxy healthcheck`, the probe of containers: an image needs no curl for it. */
export function register(program: Command): void {
  program
    .command('healthcheck')
    .description('ask the probe of a running service; exit 0 when it says yes, 1 when it does not')
    .option('--url <url>', 'the probe (default: /readyz on loopback, port WS_PROXY_METRICS_PORT or 9464)', url)
    .addOption(
      new Option('--timeout <time>', 'time for the answer, 1s to 60s').default(3_000, '3s').argParser(answerTime),
    )
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
    const response = await fetch(asked, { signal: AbortSignal.timeout(timeout), redirect: 'error' });
    if (response.status === 200) return undefined;
    return `${response.status} ${(await response.text()).slice(0, 200).trim()}`;
  } catch (error) {
    const { name, cause } = error as Error;
    if (name === 'TimeoutError') return `no answer within ${writeDuration(timeout)}`;
    return cause instanceof Error ? cause.message : 'no answer';
  }
}

function url(text: string): URL {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed?.protocol === 'http:') return parsed;
  throw new InvalidArgumentError('Give an http URL.');
}
