import type { Config } from './config/options.js';

/** Time for the parts without peers to stop, milliseconds. */
const STOP_GRACE = 5_000;

type StopBounds = Pick<Config, 'maxSessions' | 'drainBatch' | 'drainDeadline' | 'drainInterval' | 'closeTimeout'>;

/** Longest time that an orderly stop takes, milliseconds: at the deadline every session may remain, to be closed in batches. */
export function stopTime(config: StopBounds): number {
  const batches = Math.ceil(config.maxSessions / config.drainBatch);
  return config.drainDeadline + batches * config.drainInterval + config.closeTimeout + STOP_GRACE;
}
