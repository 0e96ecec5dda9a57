import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Terminal, terminal } from '../admin/terminal.js';
import { MAX_REPLICAS } from '../envoy/replica.js';
import { count, duration, size } from '../proxy/values/argument.js';

/** The flags as commander gives them. */
export interface SizeFlags {
  readonly pairs: number;
  readonly rate: number;
  readonly body: number;
  /** Milliseconds. */
  readonly session: number;
  readonly headroom: number;
  readonly replicas?: number;
  /** Milliseconds. */
  readonly reconnectIn?: number;
  readonly costs?: string;
  readonly output: 'text' | 'json';
}

/** As many as one Envoy can be set to hold, with room for those who come back. */
const MAX_PAIRS = 3_000_000;
/** Calls a second of one pair. */
const MAX_RATE = 10_000;
const MAX_HEADROOM = 0.9;
const MIB = 1024 * 1024;
const HOUR = 3_600_000;
/** Milliseconds; peers alone wait for up to 8 s before they dial again. */
const LEAST_RECONNECT = 10_000;

/** Adds `ws-proxy size`. Exit codes: 0 computed, 1 the replicas that were given are too few, 2 not understood. */
export function register(program: Command, io: Terminal = terminal): void {
  program
    .command('size')
    .description(
      'says what a load needs: cores, memory, replicas, limits, and the time until all are back after an outage',
    )
    .requiredOption('--pairs <count>', 'pairs of peers that are connected', count({ max: MAX_PAIRS }))
    .requiredOption('--rate <calls>', 'calls a second of each pair, both directions together, such as 0.5', rate)
    .option('--body <bytes>', 'length of the body of each message', size({ min: 0, max: 256 * MIB }), 200)
    .addOption(
      new Option('--session <time>', 'mean time for which a pair stays connected')
        .argParser(duration({ min: 1_000, max: 365 * 24 * HOUR }))
        .default(HOUR, '1h'),
    )
    .option('--headroom <share>', 'share of each core that stays free, 0 to 0.9', headroom, 0.5)
    .option(
      '--replicas <count>',
      'replicas of the service (default: as many as are needed)',
      count({ max: MAX_REPLICAS }),
    )
    .option(
      '--reconnect-in <time>',
      'time in which all are back after an outage, from 10s (default: as long as it takes)',
      duration({ min: LEAST_RECONNECT, max: 24 * HOUR }),
    )
    .option('--costs <file>', 'what "npm run bench -- capacity" measured (default: what the project measured)')
    .addOption(new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit codes: 0 computed, 1 the replicas that were given are too few, 2 not understood.')
    .action(async (flags: SizeFlags) => {
      const { runSize } = await import('./size-run.js');
      runSize(flags, io);
    });
}

function rate(text: string): number {
  const value = decimalIn(text);
  if (value >= 0 && value <= MAX_RATE) return value;
  throw new InvalidArgumentError(`It must be a number of calls a second from 0 to ${MAX_RATE}, such as 0.5.`);
}

function headroom(text: string): number {
  const value = decimalIn(text);
  if (value >= 0 && value <= MAX_HEADROOM) return value;
  throw new InvalidArgumentError(`It must be a number from 0 to ${MAX_HEADROOM}, such as 0.5.`);
}

/** NaN where it is none. */
function decimalIn(text: string): number {
  return /^(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
}
