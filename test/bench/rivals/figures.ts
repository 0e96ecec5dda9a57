import type { Usage } from '../../../bench/usage.js';
import type { Measurement } from '../../../bench/window.js';
import { cpuPerMessage, NS_PER_MS } from '../scenarios/relay.js';
import type { Visit } from './visit.js';

/** One row of the table: a number of each visit, of which less is better. */
export interface RivalFigure {
  readonly what: string;
  /** Absent where a contender has no such part. */
  of(visit: Visit): number | undefined;
}

const US_PER_MS = 1_000;
const MIB = 1024 * 1024;

export function figuresFor(pairs: number, counted: number): readonly RivalFigure[] {
  const count = pairs.toLocaleString('en');
  const [all, one] = [`all ${count} pairs asking`, 'one request under way'];
  return [
    { what: `CPU a message, ${all}, µs`, of: ({ busy }) => cpuOfWay(busy) },
    { what: `CPU a message behind Envoy, ${all}, µs`, of: ({ busy }) => behindEnvoy(busy) },
    { what: `CPU a message, ${one}, µs`, of: ({ alone }) => cpuOfWay(alone) },
    { what: `CPU a message behind Envoy, ${one}, µs`, of: ({ alone }) => behindEnvoy(alone) },
    { what: `round trip p50, ${one}, µs`, of: ({ alone }) => alone.latency.p50 },
    { what: `round trip p99, ${one}, µs`, of: ({ alone }) => alone.latency.p99 },
    { what: `round trip p50, ${all}, ms`, of: ({ busy }) => busy.latency.p50 / US_PER_MS },
    { what: `round trip p99, ${all}, ms`, of: ({ busy }) => busy.latency.p99 / US_PER_MS },
    { what: `CPU of a pair set up, the first ${counted}, ms`, of: ({ first }) => cpuOf(first) / counted / NS_PER_MS },
    { what: `CPU of a pair set up, the last ${counted}, ms`, of: ({ last }) => cpuOf(last) / counted / NS_PER_MS },
    { what: `memory, ${count} idle pairs, MiB`, of: ({ idle }) => residentOf(idle) / MIB },
    { what: `memory, ${all}, MiB`, of: ({ busy }) => residentOf(busy.usage) / MIB },
  ];
}

/** The processes of the whole way: all but the generator. */
function wayOf(usage: Readonly<Record<string, Usage>>): readonly Usage[] {
  return Object.entries(usage).flatMap(([name, one]) => (name === 'driver' ? [] : [one]));
}

function cpuOf(usage: Readonly<Record<string, Usage>>): number {
  return wayOf(usage).reduce((sum, { cpuNs }) => sum + cpuNs, 0);
}

function residentOf(usage: Readonly<Record<string, Usage>>): number {
  return wayOf(usage).reduce((sum, { residentBytes }) => sum + residentBytes, 0);
}

function cpuOfWay(measured: Measurement): number {
  return (
    cpuPerMessage('service')(measured) + (behindEnvoy(measured) === undefined ? 0 : cpuPerMessage('envoy')(measured))
  );
}

function behindEnvoy(measured: Measurement): number | undefined {
  return measured.usage['envoy'] === undefined ? undefined : cpuPerMessage('service')(measured);
}
