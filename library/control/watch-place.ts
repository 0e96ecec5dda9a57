import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { WatchSessionsResponse__Output } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { reasonOf } from '../../proxy/control/rpc/error-details.js';

/** Time between two attempts to go on where a connection broke, milliseconds. */
export const RETRY_TIME = 500;

/** Where a watch goes on, and whether it waits before; `nowhere`: it fails. */
export type Next = { readonly t: 'from_the_start' | 'here'; readonly wait: boolean } | { readonly t: 'nowhere' };

/** Where a watch of sessions goes on when its stream has failed. */
export class WatchPlace {
  token = '';
  readonly #patience: number;
  /** `unheard`: no server has answered yet. `begun_anew`: nothing came since it started over, so nothing needs to be forgotten. */
  #progress: 'unheard' | 'heard' | 'begun_anew' = 'unheard';
  #brokenSince: number | undefined;

  /** @param patience time for which a connection that breaks is made again, milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** An event came. */
  heard({ resume_token: token }: WatchSessionsResponse__Output): void {
    this.#brokenSince = undefined;
    this.#progress = 'heard';
    if (token !== '') this.token = token;
  }

  /**
   * The stream failed; `now` in milliseconds. Where the line broke during a snapshot there is no place yet to go on at, and it begins again.
   * `wait`: {@link RETRY_TIME} first.
   */
  after(failure: ServiceError, now: number): Next {
    if (MUST_START_OVER.has(reasonOf(failure))) {
      this.token = '';
      this.#progress = 'begun_anew';
      return { t: 'from_the_start', wait: false };
    }
    this.#brokenSince ??= now;
    // A failure without a reason is nobody's word: the edge or the library says that the line is broken.
    const isBroken = failure.code === Code.UNAVAILABLE || reasonOf(failure) === '';
    const isHopeful = this.token !== '' || this.#progress !== 'unheard';
    if (!isBroken || !isHopeful || now - this.#brokenSince > this.#patience) return { t: 'nowhere' };
    if (this.token !== '' || this.#progress === 'begun_anew') return { t: 'here', wait: true };
    this.#progress = 'begun_anew';
    return { t: 'from_the_start', wait: true };
  }
}

const MUST_START_OVER: ReadonlySet<string> = new Set(['WATCHER_TOO_SLOW', 'RESUME_TOKEN_EXPIRED']);
