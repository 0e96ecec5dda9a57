import { searchOf, type View, viewIn } from './view.js';

/** The view, which lives in the URL of the page: back and forward move through what was opened. */
export class Address {
  #view = viewIn(location.search);
  readonly #changed: () => void;

  /** @param changed is called after each change */
  constructor(changed: () => void) {
    this.#changed = changed;
    window.addEventListener('popstate', () => {
      this.#view = viewIn(location.search);
      this.#changed();
    });
  }

  get view(): View {
    return this.#view;
  }

  /** Goes to another view. What is opened is a step that the browser can go back; what is typed or chosen is not. */
  go(change: Partial<View>): void {
    const isStep = 'meetup' in change || 'trace' in change;
    this.#put(change, isStep);
    this.#changed();
  }

  /** Writes down what the service made of the view. */
  correct(change: Partial<View>): void {
    this.#put(change, false);
  }

  #put(change: Partial<View>, isStep: boolean): void {
    const view = { ...this.#view, ...change };
    const before = searchOf(this.#view);
    this.#view = view;
    const search = searchOf(view);
    if (search === before) return;
    const url = `${location.pathname}${search}`;
    if (isStep) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
}
