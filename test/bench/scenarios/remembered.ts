import { CallKeeper } from '../../../proxy/history/call-keeper.js';
import { Memory } from '../../../proxy/history/memory.js';
import { systemClock } from '../../../proxy/ports/system-clock.js';
import { InvocationCounts } from '../../../proxy/telemetry/calls/invocation-counts.js';
import { Invocations } from '../../../proxy/telemetry/calls/invocations.js';
import { Journal } from '../../../proxy/telemetry/calls/journal.js';
import { RequestHeads } from '../../../proxy/telemetry/calls/request-heads.js';
import { Routes } from '../../../proxy/telemetry/calls/routes.js';
import { Meeting, type Pair, request, response } from '../../support/pair.js';
import { inTurn, median } from '../rounds.js';
import { digits } from '../row.js';
import type { Findings, Scenario, Settings } from '../scenario.js';
import { onStage, untraced } from '../variants.js';
import { cpuPerExchange, relayJob } from './relay.js';

const MIB = 1024 * 1024;
/** Calls of one round of the observer, and messages that take turns in it. */
const CALLS = 10_000;
const MESSAGES = 64;
/** Rounds of each side; the middle one counts. Many short ones: what else runs on the machine spoils some of them, and not the middle. */
const ROUNDS = 301;

/** An observer of messages, and the pair that it watches. */
interface Watched {
  readonly messages: Invocations;
  readonly pair: Pair;
}

/**
 * What the memory of what happened adds to a call: the observer alone, with the memory and without, in turns in this process; and the service's CPU
 * for a call, of which that is a part. The whole service would hide it in its noise.
 */
export const remembered: Scenario = {
  name: 'remembered',
  about: 'what it costs a call to be counted and, perhaps, kept by the memory of what happened',
  usual: true,
  run: async (settings) => {
    const added = addedNs();
    const whole = await onStage(settings, [untraced], async (stage) =>
      cpuPerExchange('service', 1)(await stage.run(relayJob(stage, settings)(untraced.name))),
    );
    return found(added, whole, settings);
  },
};

function found(added: readonly number[], whole: number, { tell }: Settings): Findings {
  tell(`${digits(median(added))} ns of ${digits(whole)} ns`);
  const sorted = added.toSorted((one, other) => one - other);
  const [low = 0, high = 0] = [0.25, 0.75].map((share) => sorted[Math.floor(sorted.length * share)]);
  const detail = `${digits(median(added))} ns of ${digits(whole)} ns; half of the rounds within ${digits(low)}–${digits(high)} ns`;
  const row = { what: 'share of the memory in a call, service', value: median(added) / whole, unit: '', detail };
  return { rows: [{ ...row, target: { atMost: 0.03 } }], data: { added, whole } };
}

/** Nanoseconds of CPU that the memory adds to a call, in each round. */
function addedNs(): number[] {
  const [with_, without] = [watched(true), watched(false)];
  for (const one of [with_, without]) nsEach(one);
  return Array.from({ length: ROUNDS }, (_, round) => {
    const times = new Map(inTurn([without, with_], round).map((one) => [one, nsEach(one)]));
    return (times.get(with_) ?? Number.NaN) - (times.get(without) ?? Number.NaN);
  });
}

function watched(isRemembered: boolean): Watched {
  const fault = (error: unknown): never => {
    throw error;
  };
  const memory = new Memory(systemClock, 64 * MIB);
  const remembering = isRemembered
    ? { heads: new RequestHeads(4 * MIB), late: [new CallKeeper(memory, systemClock)] }
    : {};
  const options = { spans: undefined, readers: [], tallies: [], clientSpans: false, events: false, trustParent: true };
  const messages = new Invocations({
    clock: systemClock,
    bounds: { timeout: 30_000, maxPerSession: 20_000, max: 100_000, inject: false },
    counts: new InvocationCounts([]),
    journal: new Journal(systemClock, { ...options, ...remembering, fault }),
    routes: new Routes([]),
    fault,
    afterWrites: (one) => one.written(),
  });
  return { messages, pair: new Meeting(isRemembered ? { readers: [memory] } : {}).pair() };
}

function nsEach({ messages, pair: { session, peers } }: Watched): number {
  const [manager, gateway] = peers;
  const ids = Array.from({ length: MESSAGES }, (_, id) => id);
  const headers = [{ name: 'content-type', value: 'application/json' }];
  const asked = ids.map((id) => Buffer.from(request(id, { headers, messageBody: 'x'.repeat(200) })));
  const answers = ids.map((id) => Buffer.from(response(id, 200, { messageBody: 'x'.repeat(200) })));
  const before = process.cpuUsage();
  for (let n = 0; n < CALLS; n += 1) {
    messages.relayed(session, manager, asked[n % MESSAGES] ?? NOTHING, false);
    messages.relayed(session, gateway, answers[n % MESSAGES] ?? NOTHING, false);
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / CALLS;
}

const NOTHING = Buffer.alloc(0);
