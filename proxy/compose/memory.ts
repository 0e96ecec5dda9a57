import type { Config } from '../config/options.js';
import { findingsOf } from '../control/past/findings.js';
import { historyOf } from '../control/past/history-of.js';
import { CallKeeper } from '../history/call-keeper.js';
import { Memory } from '../history/memory.js';
import type { Clock } from '../ports/clock.js';
import type { Events } from '../session/views/events.js';
import { headsBytes } from './heads-bytes.js';
import type { Telemetry } from './telemetry.js';

/** Opens the memory of what happens, which reads from now on until the process ends; undefined where the option is 0. */
export function openMemory(
  config: Config,
  clock: Clock,
  events: Events,
  { readInvocations }: Pick<Telemetry, 'readInvocations'>,
): Memory | undefined {
  if (config.historyMemory === 0) return undefined;
  const memory = new Memory(clock, config.historyMemory - headsBytes(config));
  events.subscribe(memory);
  readInvocations({ readers: [], tallies: [], late: [new CallKeeper(memory, clock)] });
  return memory;
}

/** Records of each kind that findings are made of: as many as `ws-proxy history` has unasked. */
const FINDINGS_AMONG = 20;

/** Says what is wrong at a meetup, in the words of `ws-proxy history`. */
export function findingsIn(
  memory: Memory | undefined,
  replica: string,
  clock: Clock,
): (meetupId: string) => readonly string[] {
  return (meetupId) =>
    memory === undefined ? [] : findingsOf(historyOf(memory, { replica }, meetupId, FINDINGS_AMONG), clock.now());
}
