import { faultsOfCables } from './faults-of-cables.js';
import { faultsOfFleetOperators } from './faults-of-fleet-operators.js';
import { faultsOfFleetPeers } from './faults-of-fleet-peers.js';
import { faultsOfReplicas } from './faults-of-replicas.js';
import { faultsOfStore } from './faults-of-store.js';
import type { FleetFault } from './fleet-fault.js';

/** So many that each replica serves some and has handed on others, whoever of each pair comes first. */
const usual = { pairs: 32, everyMs: 300 };

/** Every fault that is done to a fleet, in the order of the documents. */
export const faultsOfFleet: readonly FleetFault[] = [
  ...faultsOfReplicas,
  ...faultsOfStore,
  ...faultsOfCables,
  ...faultsOfFleetPeers,
  ...faultsOfFleetOperators,
].map((fault) => ({ ...usual, ...fault }));
