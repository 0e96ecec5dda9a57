import type { Job } from '../../../bench/job.js';
import type { Measurement } from '../../../bench/window.js';
import { type Comparison, inAllTurns, type Ratio, ratioOf } from '../rounds.js';
import { digits, type FigureRow, type FigureTarget } from '../row.js';
import { type Scenario, type Settings, warmUpOf } from '../scenario.js';
import { REFERENCE, type Stage } from '../stage.js';
import { EARLIER, earlier, onStage, untraced } from '../variants.js';

/** Each exchange is a request and a response: two messages through the relay. */
export const MESSAGES_PER_EXCHANGE = 2;
export const NS_PER_US = 1000;
export const NS_PER_MS = 1_000_000;

/** The size of a closed loop. */
export type Load = Pick<
  (Job & { t: 'closed' })['plan'],
  'pairs' | 'inFlight' | 'requestBytes' | 'answerBytes' | 'eachAlone'
>;

/** Makes a closed loop of that load, for the time in the settings. */
export function closedJob(stage: Stage, settings: Settings, load: Load): (name: string) => Job & { t: 'closed' } {
  return (name) => ({
    t: 'closed',
    target: stage.target(name),
    watched: stage.watched(name),
    plan: { ...load, warmUpMs: warmUpOf(settings), measureMs: settings.measureMs },
  });
}

/** 10 pairs × 16 requests in flight, 200-byte bodies. */
export function relayJob(stage: Stage, settings: Settings): (name: string) => Job & { t: 'closed' } {
  return closedJob(stage, settings, { pairs: 10, inFlight: 16, requestBytes: 200, answerBytes: 200 });
}

/** CPU time of one process for each exchange, in units of that many nanoseconds. */
export function cpuPerExchange(process: string, unitNs: number): (measured: Measurement) => number {
  return ({ usage, exchanges }) => (usage[process]?.cpuNs ?? Number.NaN) / (exchanges * unitNs);
}

/** CPU time of one process for each relayed message, microseconds. */
export function cpuPerMessage(process: string): (measured: Measurement) => number {
  return cpuPerExchange(process, MESSAGES_PER_EXCHANGE * NS_PER_US);
}

export function ratioRow(what: string, unit: string, ratio: Ratio, target?: FigureTarget): FigureRow {
  const spread = `${digits(Math.min(...ratio.rounds))}–${digits(Math.max(...ratio.rounds))}`;
  const detail = `${digits(ratio.service)} against ${digits(ratio.reference)} ${unit}; rounds ${spread}`;
  return { what, value: ratio.ratio, unit: '', detail, ...(target === undefined ? {} : { target }) };
}

export const relay: Scenario = {
  name: 'relay',
  about: 'CPU time for each message: 10 pairs × 16 requests in flight, 200-byte bodies, tracing off',
  usual: true,
  run: (settings) =>
    onStage(settings, [untraced, ...earlier(settings)], async (stage) => {
      const names = [untraced, ...earlier(settings)].map(({ name }) => name);
      const job = relayJob(stage, settings);
      const data = await inAllTurns(stage, [...names, REFERENCE], settings.rounds, job, settings.tell);
      const of = (name: string): readonly Measurement[] => data.get(name) ?? [];
      const rows = relayRows({ service: of(untraced.name), reference: of(REFERENCE) });
      return { rows: [...rows, ...rowsAgainstBefore(of(untraced.name), of(EARLIER))], data: Object.fromEntries(data) };
    }),
};

/** No worse than the build before, but for the noise of a machine. */
function rowsAgainstBefore(service: readonly Measurement[], reference: readonly Measurement[]): readonly FigureRow[] {
  if (reference.length === 0) return [];
  const ratio = ratioOf({ service, reference }, cpuPerMessage('service'));
  return [ratioRow('CPU a message, service, of the build before', 'µs', ratio, { atMost: 1.03 })];
}

function relayRows(data: Comparison<Measurement>): readonly FigureRow[] {
  const service = cpuPerMessage('service');
  const envoy = cpuPerMessage('envoy');
  const rate = ({ exchanges, seconds }: Measurement): number => (exchanges * MESSAGES_PER_EXCHANGE) / seconds;
  return [
    ratioRow('CPU a message, service', 'µs', ratioOf(data, service), { atMost: 0.5 }),
    ratioRow(
      'CPU a message, service + Envoy',
      'µs',
      ratioOf(data, (one) => service(one) + envoy(one)),
      { atMost: 0.6 },
    ),
    ratioRow('CPU a message, Envoy', 'µs', ratioOf(data, envoy)),
    ratioRow('messages a second', '/s', ratioOf(data, rate)),
    ratioRow('(CPU a message, load generator)', 'µs', ratioOf(data, cpuPerMessage('driver'))),
  ];
}
