import type { Answer, Drain as DrainView, Service } from '../../page/answer.js';
import type { Drain } from '../session/drain.js';
import { OUTCOMES } from '../wire/invocation.js';
import { callList, callsMark } from './calls.js';
import { fileStates } from './file-states.js';
import { goneMeetups, meetupHistory } from './meetup.js';
import type { StatusPageParts } from './parts.js';
import type { Points } from './points.js';
import type { Question } from './question.js';
import { sessionPage } from './session-page.js';
import { troubleList } from './troubles.js';

/** This process as the page knows it. */
export interface PageRun {
  /** Differs after a restart. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly points: Points;
}

/** Most meetups in an answer where nobody is now. */
const GONE_SHOWN = 10;

/**
 * Answers what was asked. Points of another process do not count.
 * @param isGone whether nobody waits for the answer any more: its searches then end early
 */
export async function answerTo(
  question: Question,
  parts: StatusPageParts,
  run: PageRun,
  isGone: () => boolean,
): Promise<Answer> {
  const { overview, memory, findings } = parts;
  const isKnown = question.service === run.id;
  const mark = callsMark(memory);
  const hasCalls = isKnown && mark !== '' && question.have === mark;
  const calls = hasCalls ? null : await callList(memory, question, isGone);
  const troubles = await troubleList(memory, question, isGone);
  return {
    service: serviceOf(parts, run),
    sessions: sessionPage(overview, question),
    gone: question.state === 'any' ? goneMeetups(memory, question.filter, GONE_SHOWN) : [],
    calls,
    callsMark: mark,
    troubles,
    points: run.points.after(isKnown ? question.points : 0),
    meetup: question.meetup === '' ? null : meetupHistory(memory, question.meetup, findings),
  };
}

function serviceOf(parts: StatusPageParts, run: PageRun): Service {
  const { clock, counts } = parts;
  const { connections: peers, greeting, waiting, paired } = parts.overview.counts;
  return {
    id: run.id,
    replica: parts.replica,
    version: parts.version,
    now: clock.now(),
    startedAt: run.startedAt,
    notReady: parts.notReady() ?? null,
    drain: drainView(parts.drain),
    files: fileStates(parts.guard),
    peers,
    greeting,
    waiting,
    paired,
    open: Object.values(counts.active).reduce((sum, one) => sum + one, 0),
    calls: CALLS.reduce((sum, outcome) => sum + counts.outcomes[outcome], 0),
    remembers: parts.memory !== undefined,
    spansTo: parts.spansTo ?? null,
    traceLink: parts.traceLink ?? null,
    quickStart: parts.quickStart ?? null,
  };
}

/** Outcomes of calls; an orphan response is none. */
const CALLS = OUTCOMES.filter((one) => one !== 'orphan_response');

function drainView({ state }: Drain): DrainView {
  return {
    state: state.t,
    since: state.t === 'serving' ? null : state.since,
    until: state.t === 'draining' ? state.until : null,
  };
}
