import type { Clock } from '../../ports/clock.js';

/** Tells a dial that waits whether its turn has come. */
type Waiting = (hasTurn: boolean) => void;

/** The dials of one replica: the number of those that go on, and those that wait for one of them to end, in the order in which they came. */
interface Dialling {
  underway: number;
  readonly waiting: Set<Waiting>;
}

/**
 * Lets a few dials of one replica go on at one time; the others wait for their turn. Where hundreds of TLS handshakes begin at once, all of
 * them end at the same late moment, and each takes too long.
 */
export class DialTurns {
  readonly #clock: Clock;
  readonly #atOnce: number;
  readonly #byReplica = new Map<string, Dialling>();

  constructor(clock: Clock, atOnce: number) {
    this.#clock = clock;
    this.#atOnce = atOnce;
  }

  /**
   * Runs `dial` in its turn, and gives what came of it; undefined where the turn has not come within `time` milliseconds. The turn ends with
   * the dial, which never rejects.
   */
  async take<T>(replica: string, time: number, dial: () => Promise<T>): Promise<T | undefined> {
    const dialling = this.#byReplica.get(replica) ?? { underway: 0, waiting: new Set() };
    this.#byReplica.set(replica, dialling);
    if (dialling.underway < this.#atOnce) dialling.underway += 1;
    else if (!(await this.#turn(dialling, time))) return undefined;
    try {
      return await dial();
    } finally {
      this.#pass(replica, dialling);
    }
  }

  /** Replicas that are dialled or waited for. */
  get size(): number {
    return this.#byReplica.size;
  }

  #turn({ waiting }: Dialling, time: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wait: Waiting = (hasTurn) => {
        waiting.delete(wait);
        cancel();
        resolve(hasTurn);
      };
      const cancel = this.#clock.after(time, () => wait(false));
      waiting.add(wait);
    });
  }

  /** Gives the turn to whoever waits longest. */
  #pass(replica: string, dialling: Dialling): void {
    const [next] = dialling.waiting;
    if (next !== undefined) {
      next(true);
      return;
    }
    dialling.underway -= 1;
    if (dialling.underway === 0) this.#byReplica.delete(replica);
  }
}
