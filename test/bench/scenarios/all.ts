import type { Scenario } from '../scenario.js';
import { bulk } from './bulk.js';
import { deflate } from './deflate.js';
import { edge } from './edge.js';
import { fleet } from './fleet.js';
import { idle } from './idle.js';
import { loadCurve } from './load-curve.js';
import { lone } from './lone.js';
import { page } from './page.js';
import { relay } from './relay.js';
import { remembered } from './remembered.js';
import { rivals } from './rivals.js';
import { roundTrip } from './round-trip.js';
import { setUp } from './set-up.js';
import { soak } from './soak.js';
import { stuck } from './stuck.js';
import { everyTrace, sampled } from './tracing.js';

/** All scenarios, in the order in which they run and are reported. */
export const scenarios: readonly Scenario[] = [
  lone,
  page,
  relay,
  remembered,
  sampled,
  everyTrace,
  roundTrip,
  bulk,
  idle,
  setUp,
  stuck,
  loadCurve,
  fleet,
  deflate,
  edge,
  rivals,
  soak,
];
