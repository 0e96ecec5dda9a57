import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageHandler } from '../door/probes.js';
import { Answers, refuse, send } from './answers.js';
import { readAssets } from './assets.js';
import { callDetail } from './calls.js';
import type { StatusPageParts } from './parts.js';
import { Points } from './points.js';
import { readQuestion } from './question.js';
import { answerTo, type PageRun } from './state.js';
import { type Asker, faultOfNeighbour, faultOfSite } from './visitor.js';

/** Pages by their path. */
type Pages = Readonly<Record<string, PageHandler>>;

/** The read-only page of one replica. */
export class StatusPage {
  /** The pages for the probe server: for people at this host, who need no certificate. */
  readonly pages: Pages;
  /** The same for the control listener, which answers only who has the right to see them. */
  readonly certified: Pages;
  readonly #points: Points;

  /** Throws when the page's files are missing. */
  constructor(parts: StatusPageParts) {
    const { clock, counts, readInvocations } = parts;
    this.#points = new Points(clock, counts, readInvocations);
    const run = { id: randomUUID(), startedAt: clock.now(), points: this.#points };
    const all = pagesOf(parts, run);
    this.pages = guarded(all, faultOfNeighbour);
    this.certified = guarded(all, (asker) => faultOfSite(asker, 'https'));
  }

  /** Stops reading. */
  close(): void {
    this.#points.close();
  }
}

function pagesOf(parts: StatusPageParts, run: PageRun): Pages {
  const answers = new Answers(parts.clock, parts.fault);
  const pages: Record<string, PageHandler> = {};
  for (const { path, type, body } of readAssets()) {
    pages[path] = (_, response) => send(response, 200, type, body);
  }
  pages['/page/state'] = (request, response) => {
    const question = readQuestion(request.url ?? '');
    if ('fault' in question) return refuse(response, 400, question.fault);
    run.points.asked();
    answers.json(response, (isGone) => answerTo(question.ok, parts, run, isGone));
  };
  pages['/page/call'] = (request, response) => {
    const trace = traceIn(request.url ?? '');
    if (trace === undefined) return refuse(response, 400, 'trace must be 32 hex digits');
    answers.json(response, (isGone) => callDetail(parts.memory, trace, isGone), 'no call of this trace is kept');
  };
  return pages;
}

function traceIn(url: string): string | undefined {
  return /[?&]trace=([0-9a-f]{32})(?:&|$)/i.exec(url)?.[1]?.toLowerCase();
}

/** Pages that answer only where there is nothing wrong with who asks. */
function guarded(pages: Pages, faultOf: (asker: Asker) => string | undefined): Pages {
  const guard =
    (path: string, page: PageHandler): PageHandler =>
    (request: IncomingMessage, response: ServerResponse) => {
      const fault = faultOf({ request, isDocument: path === '/' });
      if (fault === undefined) page(request, response);
      else refuse(response, 403, fault);
    };
  return Object.fromEntries(Object.entries(pages).map(([path, page]) => [path, guard(path, page)]));
}
