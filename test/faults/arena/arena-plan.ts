import type { ArenaFiles } from './arena-files.js';

/** What every process of an arena has in its environment, so that what is left of one can be found. */
export const ARENA_VARIABLE = 'FAULTS_ARENA';

/** How an arena differs from the product as it is shipped. */
export interface ArenaPlan {
  /** Further environment of the service. */
  readonly serviceEnv?: (files: ArenaFiles) => NodeJS.ProcessEnv;
  /** What stands before the service's command. */
  readonly aroundService?: (files: ArenaFiles) => readonly string[];
  readonly serviceFlags?: (files: ArenaFiles) => readonly string[];
  /** The service sends spans and metrics to a collector, every second. */
  readonly hasCollector?: true;
  /** There are peers that come beside the others, and go. */
  readonly hasNewcomers?: true;
  /** The gateways sit at the other end of a cable, in a network of their own. */
  readonly hasCable?: true;
}
