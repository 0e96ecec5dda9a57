import { ROOT } from '../../support/sources.js';
import { fleetTables, writeFaults } from '../documents.js';
import type { Ground } from '../pool.js';
import { play, type SceneResult } from '../scene.js';
import { describeFaults } from '../suite.js';
import { FleetArena } from './arena/fleet-arena.js';
import { faultsOfFleet } from './table/faults-of-fleet.js';
import type { FleetFault } from './table/fleet-fault.js';

const ground: Ground<FleetFault, FleetArena, SceneResult<FleetFault>> = {
  workers: 2,
  start: ({ arena }) => FleetArena.start(arena),
  // What was done to an arena that several faults share may still keep an Envoy from some replica.
  play: async (fault, arena) => {
    await arena.allFind();
    return play(fault, arena);
  },
};

describeFaults('faults of a fleet', faultsOfFleet, ground, (outcomes) =>
  writeFaults(fleetTables, outcomes, faultsOfFleet, ROOT),
);
