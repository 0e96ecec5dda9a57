import type { Clock } from '../../ports/clock.js';

/** Time for which one line of the audit tells of all that a certificate asks of the page again and again, milliseconds. */
export const VIEWING_TIME = 600_000;
/** Most certificates whose last line is remembered; of those that are forgotten there is a line more. */
export const MAX_VIEWINGS = 1_024;

/** What a page asks for once a second. */
const ASKED_AGAIN = '/page/state';
/** Files of the page, which are the same for everybody. */
const FILES = /\.(?:js|css|svg)$/;

/**
 * Tells which requests of a page the audit has a line of: the document, each call that somebody looks at, and, for who asks again and again what
 * is there, one in a while. So nobody reads the page without a line, whether by a browser or not.
 */
export class Viewings {
  readonly #clock: Pick<Clock, 'steady'>;
  /** When each certificate had its last line, steady clock; the oldest first. */
  readonly #lines = new Map<string, number>();

  constructor(clock: Pick<Clock, 'steady'>) {
    this.#clock = clock;
  }

  /** Whether the audit gets a line of this request; it is then taken for written. */
  hasLine(path: string, fingerprint: string): boolean {
    if (FILES.test(path)) return false;
    const now = this.#clock.steady();
    const last = this.#lines.get(fingerprint);
    if (path === ASKED_AGAIN && last !== undefined && now - last < VIEWING_TIME) return false;
    this.#lines.delete(fingerprint);
    this.#lines.set(fingerprint, now);
    for (const [oldest] of this.#lines) {
      if (this.#lines.size <= MAX_VIEWINGS) break;
      this.#lines.delete(oldest);
    }
    return true;
  }
}
