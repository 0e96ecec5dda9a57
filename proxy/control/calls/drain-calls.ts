import type { Clock } from '../../ports/clock.js';
import type { Drain as DrainMachine, DrainPlan } from '../../session/drain.js';
import type { Overview } from '../../session/views/overview.js';
import type { Drain } from '../generated/micronets/wsproxy/control/v1/Drain.js';
import type { DrainReplicaRequest__Output } from '../generated/micronets/wsproxy/control/v1/DrainReplicaRequest.js';
import type { DrainReplicaResponse } from '../generated/micronets/wsproxy/control/v1/DrainReplicaResponse.js';
import type { GetDrainRequest__Output } from '../generated/micronets/wsproxy/control/v1/GetDrainRequest.js';
import type { GetDrainResponse } from '../generated/micronets/wsproxy/control/v1/GetDrainResponse.js';
import type { WatchDrainRequest__Output } from '../generated/micronets/wsproxy/control/v1/WatchDrainRequest.js';
import type { WatchDrainResponse } from '../generated/micronets/wsproxy/control/v1/WatchDrainResponse.js';
import { badField, notFound } from '../rpc/fault.js';
import { durationWithin } from '../rpc/field-values.js';
import type { Outlet } from '../rpc/outlet.js';
import { timestamp } from '../rpc/times.js';

/** Least time between two reports to one watcher, milliseconds. */
const REPORT_INTERVAL = 200;
/** Unchanged reports that are skipped before one is sent, so that nobody on the way takes the stream for dead. */
const QUIET_REPORTS = 50;
/** Most sessions in one batch. */
const MAX_BATCH = 10_000;

export interface DrainParts {
  readonly drain: DrainMachine;
  readonly overview: Overview;
  readonly clock: Clock;
  readonly replica: string;
  /** The values for fields that a request leaves out. */
  readonly plan: DrainPlan;
}

/** DrainReplica, GetDrain, WatchDrain. All throw Fault. */
export class DrainCalls {
  readonly #parts: DrainParts;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  start(request: DrainReplicaRequest__Output): DrainReplicaResponse {
    this.#here(request.replica);
    const plan = planOf(request, this.#parts.plan);
    const started = this.#parts.drain.state.t === 'serving';
    if (started) void this.#parts.drain.start(plan);
    return { drain: this.#report(), started };
  }

  get(request: GetDrainRequest__Output): GetDrainResponse {
    this.#here(request.replica);
    return { drain: this.#report() };
  }

  watch(request: WatchDrainRequest__Output, outlet: Outlet<WatchDrainResponse>): void {
    this.#here(request.replica);
    let last = '';
    let quiet = 0;
    const report = (): void => {
      const drain = this.#report();
      const text = JSON.stringify(drain);
      quiet += 1;
      if ((text === last && quiet < QUIET_REPORTS) || !outlet.ready) return;
      last = text;
      quiet = 0;
      outlet.write({ drain });
      if (drain.state === 'DRAIN_STATE_DRAINED') outlet.end();
    };
    outlet.onReady = report;
    outlet.onceStopped(this.#parts.clock.every(REPORT_INTERVAL, () => outlet.attempt(report)));
    report();
  }

  #report(): Drain {
    const { drain, overview, replica } = this.#parts;
    const { connections, waiting, paired } = overview.counts;
    const { state } = drain;
    return {
      state: STATES[state.t],
      start_time: state.t === 'serving' ? null : timestamp(state.since),
      deadline_time: state.t === 'draining' ? timestamp(state.until) : null,
      sessions_at_start: state.t === 'serving' ? 0 : state.sessionsAtStart,
      sessions_left: waiting + paired,
      connections_left: connections + drain.handedOver,
      invocations_in_flight: overview.inFlight,
      replica,
    };
  }

  #here(replica: string): void {
    if (replica === '' || replica === this.#parts.replica) return;
    throw notFound('Replica', replica.slice(0, 128), `this is ${this.#parts.replica}: ask that replica itself`);
  }
}

/** The contract's word for each state of a drain. */
export const STATES = {
  serving: 'DRAIN_STATE_SERVING',
  draining: 'DRAIN_STATE_DRAINING',
  drained: 'DRAIN_STATE_DRAINED',
} as const satisfies Record<DrainMachine['state']['t'], string>;

function planOf(request: DrainReplicaRequest__Output, usual: DrainPlan): DrainPlan {
  const { batch_size: batch } = request;
  if (batch < 0 || batch > MAX_BATCH) throw badField('batch_size', `must be from 0 (configured) to ${MAX_BATCH}`);
  return {
    deadline: durationWithin('deadline', request.deadline, 0, 3_600_000) ?? usual.deadline,
    batch: batch === 0 ? usual.batch : batch,
    interval: durationWithin('batch_interval', request.batch_interval, 10, 60_000) ?? usual.interval,
    spread: durationWithin('retry_spread', request.retry_spread, 0, 600_000) ?? usual.spread,
  };
}
