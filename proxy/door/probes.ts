import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Answers one GET; the server leaves the whole answer to it. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ProbeParts {
  /** The reason for which this replica should get no new peers; undefined when it is ready. */
  readonly notReady: () => string | undefined;
  /** Called with an exception of a page, which costs only that answer. */
  readonly fault: (error: unknown) => void;
  /** Further pages by exact path, such as /metrics. */
  readonly pages: Readonly<Record<string, PageHandler>>;
}

/** Time for a request's head, milliseconds; short, since clients are on the same host. */
const HEADERS_TIMEOUT = 5_000;

/**
 * The loopback server for monitoring: `/livez` (200 while the event loop turns), `/readyz` (503 with the reason while no new peer
 * is welcome), and the pages given.
 */
export function probeServer(parts: ProbeParts): Server {
  const pages: Readonly<Record<string, PageHandler>> = {
    '/livez': (_, response) => text(response, 200, 'ok'),
    '/readyz': (_, response) => {
      const reason = parts.notReady();
      text(response, reason === undefined ? 200 : 503, reason ?? 'ok');
    },
    ...parts.pages,
  };
  return createServer({ headersTimeout: HEADERS_TIMEOUT, requestTimeout: HEADERS_TIMEOUT }, (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) return text(response, 404, `no such page; there are ${named(pages)}`);
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(response, 405, 'only GET and HEAD');
    try {
      page(request, response);
    } catch (error) {
      parts.fault(error);
      if (response.headersSent) response.destroy();
      else text(response, 500, 'a fault: the log has it');
    }
  });
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${body}\n`);
}

/** Lists the pages for people and machines, without the files that the status page loads. */
function named(pages: Readonly<Record<string, PageHandler>>): string {
  return Object.keys(pages)
    .filter((path) => path.lastIndexOf('/') === 0)
    .join(' ');
}
