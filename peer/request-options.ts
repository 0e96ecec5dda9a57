import type { Body } from './body.js';
import type { Patience } from './pending-requests.js';
import type { RestRequest } from './rest.js';

/** A request as a caller writes it. */
export interface RequestOptions extends Partial<Patience> {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Absolute path, percent-encoded as in HTTP, without a query. */
  readonly path: string;
  /** Parameters of the query, decoded, in order; none when left out. */
  readonly query?: RestRequest['query'];
  /** The query as it stands in HTTP, without its `?`, in place of `query`. A deployed peer is sent both [MSG-6]. */
  readonly rawQuery?: string | undefined;
  /** Headers in order, those of the body excepted; none when left out. */
  readonly headers?: RestRequest['headers'];
  /** Its content; none when left out. */
  readonly body?: Body;
}
