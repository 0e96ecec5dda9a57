import { performance } from 'node:perf_hooks';
import { FIRST_ID, type FrameTemplate, readId } from './frame.js';
import type { Link } from './link.js';
import { REQUEST_ID_AT, requestTemplate, responseTemplate } from './messages.js';

/** Most requests of one pair that may be unanswered. */
export const MAX_UNANSWERED = 65_536;

/** One side's connection as an exchange uses it; it need not be a websocket. */
export type ExchangeLink = Pick<Link, 'add' | 'flush' | 'onMessage' | 'onEnd'>;

/** Two sides that messages go between. */
export interface ExchangePair {
  readonly asker: ExchangeLink;
  readonly answerer: ExchangeLink;
}

export interface MessageSizes {
  /** Length of the body of a request, and of a response, bytes. */
  readonly requestBytes: number;
  readonly answerBytes: number;
}

export interface Templates {
  readonly request: FrameTemplate;
  readonly response: FrameTemplate;
}

export function templatesOf(sizes: MessageSizes): Templates {
  return { request: requestTemplate(sizes.requestBytes), response: responseTemplate(sizes.answerBytes) };
}

/** The requests and responses of one pair. Answers must come in order: anything else is a fault of the proxy and ends the run. */
export class Exchange {
  readonly #pair: ExchangePair;
  readonly #templates: Templates;
  /** When each unanswered request was to be sent, milliseconds of the steady clock. */
  readonly #due = new Float64Array(MAX_UNANSWERED);
  #asked = FIRST_ID;
  #answered = FIRST_ID;

  /**
   * @param answered is called for each answer with the time since the request was due, milliseconds
   * @param broken is called once when the pair ended or an answer was not the one awaited
   */
  constructor(pair: ExchangePair, templates: Templates, answered: (ms: number) => void, broken: (why: string) => void) {
    this.#pair = pair;
    this.#templates = templates;
    pair.answerer.onEnd = (reason) => broken(`the answering peer: ${reason}`);
    pair.asker.onEnd = (reason) => broken(`the asking peer: ${reason}`);
    pair.answerer.onMessage = (buffer, at) => {
      pair.answerer.add(this.#templates.response, readId(buffer, at + REQUEST_ID_AT));
    };
    pair.asker.onMessage = (buffer, at) => {
      const id = readId(buffer, at + REQUEST_ID_AT);
      if (id !== this.#answered) {
        broken(`answer ${id} came where ${this.#answered} was due`);
        return;
      }
      this.#answered += 1;
      answered(performance.now() - (this.#due[id % MAX_UNANSWERED] ?? 0));
    };
  }

  get unanswered(): number {
    return this.#asked - this.#answered;
  }

  /** Puts one request into what `flush` sends; `due` is when it ought to have been sent. */
  ask(due: number): void {
    this.#due[this.#asked % MAX_UNANSWERED] = due;
    this.#pair.asker.add(this.#templates.request, this.#asked);
    this.#asked += 1;
  }

  flush(): void {
    this.#pair.asker.flush();
  }
}
