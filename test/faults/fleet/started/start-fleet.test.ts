import { ROOT } from '../../../support/sources.js';
import { startedTables, writeFaults } from '../../documents.js';
import { form } from '../../form.js';
import type { Ground } from '../../pool.js';
import { play, type SceneResult } from '../../scene.js';
import { describeFaults } from '../../suite.js';
import { allStarted, fewStarted, type StartedFault } from './faults-of-started.js';
import { StartedFleet } from './started-fleet.js';

const ground: Ground<StartedFault, StartedFleet, SceneResult<StartedFault>> = {
  workers: 1,
  start: () => StartedFleet.start(),
  play,
};

const faults = form === 'all' ? allStarted : fewStarted;

describeFaults('faults of npm run start:fleet', faults, ground, (outcomes) =>
  writeFaults(startedTables, outcomes, allStarted, ROOT),
);
