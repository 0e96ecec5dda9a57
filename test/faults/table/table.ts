import type { Fault } from './fault.js';
import { faultsOfOperators } from './faults-of-operators.js';
import { faultsOfParts } from './faults-of-parts.js';
import { faultsOfPeers } from './faults-of-peers.js';
import { faultsOfSurroundings } from './faults-of-surroundings.js';

/** Every fault that is done to the product, in the order of the documents. */
export const faults: readonly Fault[] = [
  ...faultsOfParts,
  ...faultsOfPeers,
  ...faultsOfOperators,
  ...faultsOfSurroundings,
];
