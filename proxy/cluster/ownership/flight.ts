import type { Clock } from '../../ports/clock.js';
import type { HopEvidence, Placement } from '../../session/life/locator.js';

/** One search for a meetup's place, which all newcomers to that meetup share. It ends in time, whatever the store does. */
export class Flight {
  readonly meetupId: string;
  /** What was learned of an owner that could not be reached, where the newcomer who began this came with that. */
  readonly evidence: HopEvidence | undefined;
  readonly #found: Promise<Placement>;
  readonly #clock: Clock;
  readonly #stop: () => void;
  readonly #ended: () => void;
  #resolve: (placement: Placement) => void = () => {};
  #wake: () => void = () => {};
  #newcomers = 0;
  #isOver = false;

  /**
   * @param time after which the search ends without a place, milliseconds
   * @param ended called at the end, before anybody is told
   */
  constructor(meetupId: string, evidence: HopEvidence | undefined, clock: Clock, time: number, ended: () => void) {
    this.meetupId = meetupId;
    this.evidence = evidence;
    this.#clock = clock;
    this.#found = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#ended = ended;
    const late: Placement = { t: 'nowhere', detail: `no place was found in ${time / 1000} seconds` };
    this.#stop = clock.after(time, () => this.end(late));
  }

  /** Newcomers that wait for the place; nobody waits once the search is over. */
  get newcomers(): number {
    return this.#isOver ? 0 : this.#newcomers;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  join(): Promise<Placement> {
    this.#newcomers += 1;
    return this.#found;
  }

  /** Resolves when the search is woken, or over, or after that time, milliseconds. */
  async rest(time?: number): Promise<void> {
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (time !== undefined) cancel = this.#clock.after(time, resolve);
    });
    cancel();
  }

  wake(): void {
    this.#wake();
  }

  /** Tells all newcomers the place; only the first end counts. */
  end(placement: Placement): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stop();
    this.#ended();
    this.#resolve(placement);
    this.#wake();
  }
}
