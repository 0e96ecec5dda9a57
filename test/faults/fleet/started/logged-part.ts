import { defectsIn, lastLines } from '../../arena/arena-part.js';

/** A part of which nothing but its log is ours. */
export class LoggedPart {
  readonly name: string;
  readonly #log: string;

  constructor(name: string, log: string) {
    this.name = name;
    this.#log = log;
  }

  lastWords(): string {
    return lastLines(this.#log);
  }

  takeWrong(): string[] {
    return defectsIn(this.name, this.#log);
  }
}
