import { form } from '../../form.js';
import type { Ground } from '../../pool.js';
import { play, type SceneResult } from '../../scene.js';
import { describeFaults } from '../../suite.js';
import { faultsOfStarted, type Measure, type StartedFault } from './faults-of-started.js';
import { StartedFleet } from './started-fleet.js';

/** What `npm test` asks, and what is asked where there is time. */
const short: Measure = { pairs: 24, calls: 2_000, everyMs: 100, killed: ['replica-2', 'envoy-1', 'nats'] };
const whole: Measure = {
  ...{ pairs: 500, calls: 100_000, everyMs: 1_000 },
  killed: ['replica-1', 'replica-2', 'replica-3', 'envoy-1', 'envoy-2', 'nats'],
};

const ground: Ground<StartedFault, StartedFleet, SceneResult<StartedFault>> = {
  workers: 1,
  start: () => StartedFleet.start(),
  play,
};

describeFaults('faults of npm run start:fleet', faultsOfStarted(form === 'all' ? whole : short), ground, () => {});
