import type { Scenario } from '../scenario.js';
import { bulk } from './bulk.js';
import { capacity } from './capacity.js';
import { churned } from './churned.js';
import { deflate } from './deflate.js';
import { drain } from './drain.js';
import { edge } from './edge.js';
import { fleet } from './fleet.js';
import { idle } from './idle.js';
import { loadCurve } from './load-curve.js';
import { lone } from './lone.js';
import { page } from './page.js';
import { relay } from './relay.js';
import { remembered } from './remembered.js';
import { replicas } from './replicas.js';
import { rivals } from './rivals.js';
import { roundTrip } from './round-trip.js';
import { setUp } from './set-up.js';
import { soak } from './soak.js';
import { storm } from './storm.js';
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
  churned,
  setUp,
  storm,
  drain,
  stuck,
  loadCurve,
  replicas,
  fleet,
  capacity,
  deflate,
  edge,
  rivals,
  soak,
];

/** The scenarios of what fleets feel: lone messages, storms, all the cores. Each has a target. */
export const targets: readonly Scenario[] = [lone, relay, page, remembered, setUp, storm, drain, replicas, churned];
