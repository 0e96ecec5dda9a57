import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../child.js';
import { inTurns, ratioOf } from '../rounds.js';
import { digits, type FigureRow } from '../row.js';
import type { Findings, Scenario, Settings } from '../scenario.js';
import { onStage, traced } from '../variants.js';
import { cpuPerMessage, ratioRow, relayJob } from './relay.js';

/** Time for the collector to answer, milliseconds. */
const COLLECTOR_MS = 10_000;

export const sampled: Scenario = {
  name: 'sampled',
  about: 'the same as relay with 1 % of the invocations traced and exported',
  usual: true,
  run: (settings) => withTraces(settings, { what: 'CPU a message, service, 1 % traced', share: 0.01, atMost: 0.6 }),
};

export const everyTrace: Scenario = {
  name: 'traced',
  about: 'the same as relay with every invocation traced and exported',
  usual: true,
  run: (settings) => withTraces(settings, { what: 'CPU a message, service, all traced', share: 1, atMost: 1.3 }),
};

interface TraceCase {
  readonly what: string;
  readonly share: number;
  readonly atMost: number;
}

async function withTraces(settings: Settings, { what, share, atMost }: TraceCase): Promise<Findings> {
  const dir = await mkdtemp(join(tmpdir(), 'ws-bench-otlp-'));
  const collector = new Child({
    name: 'collector',
    args: [fileURLToPath(new URL('../collector.js', import.meta.url))],
    log: join(dir, 'collector.log'),
    ...(settings.layout.rest === undefined ? {} : { core: settings.layout.rest }),
  });
  try {
    const port = await collector.next((message) => (message as { port?: number }).port, COLLECTOR_MS);
    const variant = traced('traced', `http://127.0.0.1:${port}`, share);
    const { data, missing } = await onStage(settings, [variant], async (stage) => ({
      data: await inTurns(stage, variant.name, settings.rounds, relayJob(stage, settings), settings.tell),
      missing: await stage.spansMissing(variant.name),
    }));
    const exchanges = data.service.reduce((sum, one) => sum + one.exchanges, 0);
    const bytes = await receivedBy(collector);
    const row = ratioRow(what, 'µs', ratioOf(data, cpuPerMessage('service')), { atMost });
    return { rows: [withExport(row, bytes / exchanges, missing)], data: { ...data, exportedBytes: bytes, missing } };
  } finally {
    await collector.stop();
    await rm(dir, { recursive: true });
  }
}

/** A figure of tracing is only valid when every span was exported. The bytes include the spans of the warm-up. */
function withExport(row: FigureRow, bytesEach: number, missing: number): FigureRow {
  if (bytesEach === 0 || missing > 0)
    return { ...row, value: Number.NaN, detail: `${missing || 'all'} spans reached no collector; ${row.detail}` };
  return { ...row, detail: `${row.detail}; every span exported, ${digits(bytesEach)} bytes for each invocation` };
}

async function receivedBy(collector: Child): Promise<number> {
  const answered = collector.next((message) => (message as { bytes?: number }).bytes, COLLECTOR_MS);
  collector.send('count');
  return answered;
}
