import { systemClock } from '../../proxy/ports/system-clock.js';
import { InvocationCounts } from '../../proxy/telemetry/calls/invocation-counts.js';
import { Invocations } from '../../proxy/telemetry/calls/invocations.js';
import { Journal } from '../../proxy/telemetry/calls/journal.js';
import { Routes } from '../../proxy/telemetry/calls/routes.js';
import { createLogger } from '../../proxy/telemetry/logs/logger.js';
import { Metrics } from '../../proxy/telemetry/metrics/metrics.js';
import { type Sdk, startSdk } from '../../proxy/telemetry/otlp/sdk.js';
import { afterWrites } from '../../proxy/transport/turn.js';
import type { CoreClient } from './core-client.js';
import { CoreServer } from './core-server.js';
import { OtlpReceiver } from './otlp-receiver.js';
import { request, response } from './pair.js';

/** The relay on real sockets with telemetry as the service has it. */
export interface TracedRelay {
  readonly relay: CoreServer;
  readonly counts: InvocationCounts;
  readonly metrics: Metrics;
  readonly sdk: Sdk | undefined;
  /** The log lines from level warn up. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

export async function tracedRelay(given: { timeout?: number; maxPerSession?: number } = {}): Promise<TracedRelay> {
  const lines: string[] = [];
  const log = createLogger('warn', { write: (line) => lines.push(line) });
  const sdk = await startSdk({ version: '1.2.3', instanceId: 'replica-1', log });
  const counts = new InvocationCounts([]);
  const bounds = { timeout: 30_000, maxPerSession: 20_000, max: 100_000, inject: false, ...given };
  const fault = (error: unknown): void => {
    lines.push(String(error));
  };
  const options = { readers: [], tallies: [], clientSpans: false, events: false, trustParent: true, fault };
  const journal = new Journal(systemClock, { spans: sdk?.spans, ...options });
  const invocations = new Invocations({
    clock: systemClock,
    bounds,
    counts,
    journal,
    routes: new Routes([]),
    fault,
    afterWrites,
  });
  const metrics = new Metrics([counts, ...(sdk === undefined ? [] : [sdk.source])]);
  sdk?.exportMetrics(metrics);
  const relay = await CoreServer.start({}, { messages: invocations });
  invocations.start();
  const stop = async (): Promise<void> => {
    invocations.stop();
    await relay.stop();
    await sdk?.shutdown();
  };
  return { relay, counts, metrics, sdk, lines, stop };
}

/** Mocha hooks: each test gets a collector, which OTEL_* names; after the test they are removed and the test's relays stopped. */
export function withCollector(): { readonly receiver: () => OtlpReceiver; readonly serve: typeof tracedRelay } {
  let receiver = new OtlpReceiver();
  let running: TracedRelay[] = [];
  beforeEach(async () => {
    clearEnv();
    receiver = new OtlpReceiver();
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = await receiver.start();
    process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/json';
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '20';
  });
  afterEach(async () => {
    for (const one of running) await one.stop();
    running = [];
    await receiver.stop();
    clearEnv();
  });
  const serve: typeof tracedRelay = async (given) => {
    const one = await tracedRelay(given);
    running.push(one);
    return one;
  };
  return { receiver: () => receiver, serve };
}

/** Removes the OTEL_* variables from the environment. */
function clearEnv(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name];
}

/** Makes one call; resolves when the requester has the answer. */
export async function answered(
  manager: CoreClient,
  gateway: CoreClient,
  id: number,
  status: number,
  given: Record<string, unknown> = {},
): Promise<void> {
  manager.ws.send(request(id, given));
  await gateway.next();
  gateway.ws.send(response(id, status));
  await manager.next();
}
