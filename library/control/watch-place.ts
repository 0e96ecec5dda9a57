import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { WatchSessionsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { reasonOf } from '../../proxy/control/rpc/error-details.js';

/** Time between two attempts to go on where a connection broke, milliseconds. */
export const RETRY_TIME = 500;

/** Where a watch of sessions goes on when its stream has failed. */
export class WatchPlace {
  token = '';
  readonly #patience: number;
  #brokenSince: number | undefined;

  /** @param patience time for which a connection that breaks is made again, milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** An event came. */
  heard({ resume_token: token }: WatchSessionsResponse__Output): void {
    this.#brokenSince = undefined;
    if (token !== '') this.token = token;
  }

  /** The stream failed; `now` in milliseconds. */
  after(failure: ServiceError, now: number): 'from_the_start' | 'here' | 'nowhere' {
    if (MUST_START_OVER.has(reasonOf(failure))) {
      this.token = '';
      return 'from_the_start';
    }
    this.#brokenSince ??= now;
    // A failure without a reason is nobody's word: the edge or the library says that the line is broken.
    const isBroken = failure.code === Code.UNAVAILABLE || reasonOf(failure) === '';
    const isHopeful = this.token !== '' && now - this.#brokenSince <= this.#patience;
    return isBroken && isHopeful ? 'here' : 'nowhere';
  }
}

const MUST_START_OVER: ReadonlySet<string> = new Set(['WATCHER_TOO_SLOW', 'RESUME_TOKEN_EXPIRED']);
