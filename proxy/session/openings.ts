import { mayHaveOneMore } from '../policy/limits/share.js';

/**
 * Counts the meetups that each certificate has opened by coming first, so that no certificate takes all meetups that there may be
 * [MEET-8].
 */
export class Openings {
  readonly #bound: number;
  readonly #byFingerprint = new Map<string, number>();
  #total = 0;

  /** @param bound most meetups at one time */
  constructor(bound: number) {
    this.#bound = bound;
  }

  hasRoomFor(fingerprint: string): boolean {
    return mayHaveOneMore(this.#bound, this.#total, this.#byFingerprint.get(fingerprint) ?? 0);
  }

  opened(fingerprint: string): void {
    this.#total += 1;
    this.#byFingerprint.set(fingerprint, (this.#byFingerprint.get(fingerprint) ?? 0) + 1);
  }

  closed(fingerprint: string): void {
    this.#total -= 1;
    const left = (this.#byFingerprint.get(fingerprint) ?? 0) - 1;
    if (left > 0) this.#byFingerprint.set(fingerprint, left);
    else this.#byFingerprint.delete(fingerprint);
  }
}
