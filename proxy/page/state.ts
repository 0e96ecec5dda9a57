import type { Answer, Drain as DrainView, Ending, Refusal, Service } from '../../page/answer.js';
import type { Drain } from '../session/drain.js';
import { explained } from './advice.js';
import { fileStates } from './file-states.js';
import { invocationRow } from './invocation-view.js';
import type { PageMemory, StatusPageParts } from './parts.js';
import type { Question } from './question.js';
import type { RecentRefusal } from './recent.js';
import type { RecentEnding } from './recent-endings.js';
import { sessionPage } from './session-page.js';

/** Answers with everything that the viewer does not have yet. Data of another process does not count. */
export function answerTo(question: Question, parts: StatusPageParts, memory: PageMemory): Answer {
  const isKnown = question.service === memory.id;
  const since = (sequence: number): number => (isKnown ? sequence : 0);
  return {
    service: serviceOf(parts, memory),
    sessions: sessionPage(parts.overview, question),
    invocations: memory.invocations.after(since(question.invocations)).map(invocationRow),
    refusals: memory.refusals.after(since(question.refusals)).map(refusalView),
    endings: memory.endings.after(since(question.endings)).map(endingView),
    points: memory.history.after(since(question.points)),
  };
}

function serviceOf(parts: StatusPageParts, memory: PageMemory): Service {
  const { clock } = parts;
  const { connections: peers, greeting, waiting, paired } = parts.overview.counts;
  return {
    id: memory.id,
    replica: parts.replica,
    version: parts.version,
    now: clock.now(),
    startedAt: memory.startedAt,
    notReady: parts.notReady() ?? null,
    drain: drainView(parts.drain),
    files: fileStates(parts.guard),
    peers,
    greeting,
    waiting,
    paired,
    open: Object.values(parts.counts.active).reduce((sum, one) => sum + one, 0),
    seen: {
      invocations: memory.invocations.last,
      refusals: memory.refusals.last,
      endings: memory.endings.last,
    },
    spansTo: parts.spansTo ?? null,
    traceLink: parts.traceLink ?? null,
    quickStart: parts.quickStart ?? null,
  };
}

function drainView({ state }: Drain): DrainView {
  return {
    state: state.t,
    since: state.t === 'serving' ? null : state.since,
    until: state.t === 'draining' ? state.until : null,
  };
}

function refusalView({ sequence, at, label, status, detail, target, subject, remote }: RecentRefusal): Refusal {
  return { sequence, at, label, code: status, ...explained(label), detail, target, subject, remote };
}

function endingView({ sequence, at, ending, meetupId, subject, peerId, remote }: RecentEnding): Ending {
  const { label, code, text } = ending;
  return { sequence, at, label, code, ...explained(label), detail: text, meetupId, subject, peerId, remote };
}
