import type { Config } from '../config/options.js';

/** Part of `--history-memory` for the beginnings of the requests in flight, and most bytes of it; the records have the rest. */
const HEADS_PART = 1 / 8;
const MOST_FOR_HEADS = 4 * 1024 * 1024;

/** Bytes for them where nothing is remembered: the log tells failed calls all the same. */
const FOR_THE_LOG = 256 * 1024;

/** Bytes for the beginnings of requests. */
export function headsBytes({ historyMemory }: Config): number {
  if (historyMemory === 0) return FOR_THE_LOG;
  return Math.min(Math.floor(historyMemory * HEADS_PART), MOST_FOR_HEADS);
}
