import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageHandler } from '../door/probes.js';
import { Answers, refuse, send } from './answers.js';
import { readAssets } from './assets.js';
import { History } from './history.js';
import { invocationDetail } from './invocation-view.js';
import type { PageMemory, StatusPageParts } from './parts.js';
import { readQuestion } from './question.js';
import { RecentInvocations, RecentRefusals } from './recent.js';
import { RecentEndings } from './recent-endings.js';
import { answerTo } from './state.js';
import { faultOfVisitor } from './visitor.js';

/** The read-only page of one replica, for people at its host. It records from its construction to `close`. */
export class StatusPage {
  /** The pages for the probe server, by path. */
  readonly pages: Readonly<Record<string, PageHandler>>;
  readonly #undo: readonly (() => void)[];

  /** Throws when the page's files are missing. */
  constructor(parts: StatusPageParts) {
    const memory = memoryOf(parts);
    const { sizes } = parts.counts;
    this.pages = pagesOf(parts, memory);
    this.#undo = [
      parts.readInvocations({ readers: [memory.invocations], tallies: [memory.history] }),
      parts.events.subscribe(memory.refusals),
      parts.events.subscribe(memory.endings),
      memory.history.start(() => ({ messages: sizes.count, bytes: sizes.sum })),
    ];
  }

  /** Stops recording. */
  close(): void {
    for (const undo of this.#undo) undo();
  }
}

function memoryOf({ clock }: StatusPageParts): PageMemory {
  const now = (): number => clock.now();
  return {
    id: randomUUID(),
    startedAt: now(),
    invocations: new RecentInvocations(() => clock.steady()),
    refusals: new RecentRefusals(now),
    endings: new RecentEndings(now),
    history: new History(clock),
  };
}

function pagesOf(parts: StatusPageParts, memory: PageMemory): Record<string, PageHandler> {
  const answers = new Answers(parts.clock);
  const pages: Record<string, PageHandler> = {};
  for (const { path, type, body } of readAssets()) {
    pages[path] = guarded(path === '/', (_, response) => send(response, 200, type, body));
  }
  pages['/page/state'] = guarded(false, (request, response) => {
    const question = readQuestion(request.url ?? '');
    if ('fault' in question) refuse(response, 400, question.fault);
    else {
      memory.invocations.asked();
      answers.json(response, () => answerTo(question.ok, parts, memory));
    }
  });
  pages['/page/invocation'] = guarded(false, (request, response) => {
    const sequence = Number(/[?&]sequence=(\d{1,15})(?:&|$)/.exec(request.url ?? '')?.[1] ?? 0);
    const [found] = memory.invocations.after(sequence - 1);
    if (found?.sequence !== sequence) refuse(response, 404, 'this invocation is not remembered any more');
    else answers.json(response, () => invocationDetail(found));
  });
  return pages;
}

function guarded(isDocument: boolean, page: (request: IncomingMessage, response: ServerResponse) => void): PageHandler {
  return (request, response) => {
    const fault = faultOfVisitor(request, isDocument);
    if (fault === undefined) page(request, response);
    else refuse(response, 403, fault);
  };
}
