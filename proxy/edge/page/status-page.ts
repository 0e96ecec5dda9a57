import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, Observer } from '../../session/ports.js';
import type { Audience } from '../../telemetry/journal.js';
import { RecentInvocations, RecentRefusals } from '../../telemetry/recent.js';
import type { Page } from '../probes.js';
import { Answers, refuse, send } from './answers.js';
import { readAssets } from './assets.js';
import { History } from './history.js';
import { invocationDetail } from './invocation-view.js';
import type { Past, StatusPageParts } from './parts.js';
import { readQuestion } from './question.js';
import { RecentEndings } from './recent-endings.js';
import { answerTo } from './state.js';
import { faultOfVisitor } from './visitor.js';

/**
 * The read-only page of one replica, for whoever sits at its host. It is made in two steps, since it listens to what the rest is
 * made with: `audience` and `observers` go to the journal and the registry, `open` gives what the probe server serves.
 */
export class StatusPage {
  /** To be told of finished invocations. */
  readonly audience: Audience;
  /** To be told of refusals and endings. */
  readonly observers: readonly Observer[];
  readonly #past: Past;
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    const now = (): number => clock.now();
    this.#past = {
      id: randomUUID(),
      startedAt: clock.now(),
      invocations: new RecentInvocations(() => clock.steady()),
      refusals: new RecentRefusals(now),
      endings: new RecentEndings(now),
      history: new History(clock),
    };
    this.audience = { readers: [this.#past.invocations], tallies: [this.#past.history] };
    this.observers = [this.#past.refusals, this.#past.endings];
  }

  /** Begins to record and returns the pages by path. Throws when the page’s files are not there. */
  open(parts: StatusPageParts): Record<string, Page> {
    const { sizes } = parts.counts;
    const answers = new Answers(parts.clock);
    const pages: Record<string, Page> = {};
    for (const { path, type, body } of readAssets()) {
      pages[path] = guarded(path === '/', (_, response) => send(response, 200, type, body));
    }
    pages['/page/state'] = guarded(false, (request, response) => {
      const question = readQuestion(request.url ?? '');
      if ('fault' in question) refuse(response, 400, question.fault);
      else {
        this.#past.invocations.asked();
        answers.json(response, () => answerTo(question.ok, parts, this.#past));
      }
    });
    pages['/page/invocation'] = guarded(false, (request, response) => {
      const sequence = Number(/[?&]sequence=(\d{1,15})(?:&|$)/.exec(request.url ?? '')?.[1] ?? 0);
      const [found] = this.#past.invocations.after(sequence - 1);
      if (found?.sequence !== sequence) refuse(response, 404, 'this invocation is not remembered any more');
      else answers.json(response, () => invocationDetail(found));
    });
    this.#stop ??= this.#past.history.start(() => ({ messages: sizes.count, bytes: sizes.sum }));
    return pages;
  }

  /** Records no more. */
  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}

function guarded(isDocument: boolean, page: (request: IncomingMessage, response: ServerResponse) => void): Page {
  return (request, response) => {
    const fault = faultOfVisitor(request, isDocument);
    if (fault === undefined) page(request, response);
    else refuse(response, 403, fault);
  };
}
