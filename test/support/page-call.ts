import type { Invocation } from '../../page/answer-past.js';

/** A call as the page gets it, with the members given. */
export function call(given: Partial<Invocation> = {}): Invocation {
  return {
    sequence: 1,
    start: 1_000_000,
    method: 'GET',
    path: '/v1/x',
    status: 200,
    outcome: 'ok',
    failure: null,
    requestProxyMs: 1,
    peerMs: 8,
    responseProxyMs: 1,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    meetupId: 'sub/1',
    ...given,
  };
}
