import { byId, setText } from './element.js';
import { age, dayAndTime, duration } from './format.js';

/** How this page stands with the service. While it does not answer, all that is shown is of before, and looks so. */
export class Connection {
  readonly #state = byId('connection', HTMLElement);
  readonly #banner = byId('gone', HTMLElement);
  /** When the service answered last, by the browser's clock. */
  #lastAnswer = Date.now();
  #hasAnswered = false;

  live(): void {
    this.#lastAnswer = Date.now();
    this.#hasAnswered = true;
    this.#put(true, 'live', '');
  }

  /** The service did not answer; it is asked again after `wait` milliseconds. */
  lost(why: string, wait: number): void {
    const since = `since ${dayAndTime(this.#lastAnswer)} (${age(Date.now() - this.#lastAnswer)})`;
    const shown = this.#hasAnswered ? ' All that is shown is as it was then.' : ' The page was opened then.';
    const told = `The service has not answered ${since}: ${why}.${shown} It is asked again in ${duration(wait)}.`;
    this.#put(false, `no answer ${since}`, told);
    document.title = 'no answer · ws-proxy';
  }

  #put(isLive: boolean, text: string, banner: string): void {
    this.#state.className = isLive ? 'live' : 'lost';
    setText(this.#state, text);
    document.body.classList.toggle('gone', !isLive);
    setText(this.#banner, banner);
    this.#banner.hidden = isLive;
  }
}
