import { setInterval } from 'node:timers';
import { closedLoop } from './closed-loop.js';
import { openLoop } from './open-loop.js';
import { readTarget, type Target } from './target.js';
import type { Measurement } from './window.js';

/** The options of `ws-proxy bench`. */
export interface BenchOptions {
  readonly cert: string;
  readonly key?: string;
  readonly otherCert?: string;
  readonly otherKey?: string;
  readonly ca: string;
  readonly pairs: number;
  readonly inFlight: number;
  readonly rate?: number;
  readonly body: number;
  /** Milliseconds. */
  readonly time: number;
  /** The old form of `time`, which wins where it is given. */
  readonly seconds?: number;
  readonly output: string;
}

const WARM_UP_MS = 2_000;
/** Each request and each response is a message. */
const MESSAGES_PER_EXCHANGE = 2;

/** Puts load on the deployment and prints how it answered. Throws with one line when the load could not be held. */
export async function benchDeployment(url: string, options: BenchOptions): Promise<void> {
  const target = await readTarget(targetOf(url, options));
  const measureMs = options.seconds === undefined ? options.time : options.seconds * 1000;
  const stop = countDown(Math.ceil((WARM_UP_MS + measureMs) / 1000));
  try {
    const sizes = { requestBytes: options.body, answerBytes: options.body };
    const common = { ...sizes, pairs: options.pairs, warmUpMs: WARM_UP_MS, measureMs };
    const measured =
      options.rate === undefined
        ? await closedLoop(target, { ...common, inFlight: options.inFlight }, {})
        : await openLoop(target, { ...common, rate: options.rate }, {});
    stop();
    console.log(options.output === 'json' ? JSON.stringify(measured) : textOf(measured));
  } finally {
    stop();
  }
}

function targetOf(url: string, options: BenchOptions): Target {
  const { protocol } = new URL(url);
  if (protocol === 'ws:') return { url };
  if (protocol !== 'wss:') throw new Error(`the URL must start with wss:// or ws://, not ${protocol}//`);
  const asker = { cert: options.cert, key: options.key ?? options.cert };
  const cert = options.otherCert ?? options.cert;
  const key = options.otherKey ?? options.otherCert ?? asker.key;
  return { url, tls: { ca: options.ca, asker, answerer: { cert, key } } };
}

/** Shows on a terminal how much time is left; the function returned clears the line. */
function countDown(seconds: number): () => void {
  if (!process.stderr.isTTY) return () => {};
  let left = seconds;
  const show = (): void => {
    process.stderr.write(`\r${left} s left `);
    left -= 1;
  };
  show();
  const timer = setInterval(show, 1000);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  };
}

function textOf({ seconds, exchanges, latency }: Measurement): string {
  const rate = ((exchanges * MESSAGES_PER_EXCHANGE) / seconds).toFixed(0);
  const ms = (us: number): string => `${(us / 1000).toFixed(3)} ms`;
  return [
    `${exchanges} requests answered in ${seconds.toFixed(1)} s: ${rate} messages a second`,
    `round trip  p50 ${ms(latency.p50)}  p90 ${ms(latency.p90)}  p99 ${ms(latency.p99)}  p99.9 ${ms(latency.p999)}  max ${ms(latency.max)}`,
  ].join('\n');
}
