import { arrange, byId, setText } from './element.js';
import { count, counted } from './format.js';
import type { Model, SessionChoice } from './model.js';
import { SessionItem } from './session-item.js';

/** Time without a key after which the filter is asked for, milliseconds. */
const TYPING = 200;
/** With so few sessions, each is shown whole. */
const FEW = 2;

/** The list of sessions: filtered and cut into pages by the service, so that a thousand cost as little as one. */
export class Sessions {
  readonly #items = new Map<string, SessionItem>();
  readonly #ask: () => void;
  readonly #list = byId('sessions-list', HTMLElement);
  readonly #count = byId('sessions-count', HTMLElement);
  readonly #empty = byId('sessions-empty', HTMLElement);
  readonly #pages = byId('sessions-pages', HTMLElement);
  readonly #range = byId('sessions-range', HTMLElement);
  readonly #newer = byId('sessions-newer', HTMLButtonElement);
  readonly #older = byId('sessions-older', HTMLButtonElement);
  #perPage = 1;

  /** @param ask asks the service anew, at once */
  constructor(choice: SessionChoice, ask: () => void) {
    this.#ask = ask;
    const filter = byId('sessions-filter', HTMLInputElement);
    const state = byId('sessions-state', HTMLSelectElement);
    let typing: number | undefined;
    filter.addEventListener('input', () => {
      window.clearTimeout(typing);
      typing = window.setTimeout(() => this.#choose(choice, { filter: filter.value.trim(), offset: 0 }), TYPING);
    });
    state.addEventListener('change', () => this.#choose(choice, { state: stateOf(state.value), offset: 0 }));
    this.#newer.addEventListener('click', () =>
      this.#choose(choice, { offset: Math.max(0, choice.offset - this.#perPage) }),
    );
    this.#older.addEventListener('click', () => this.#choose(choice, { offset: choice.offset + this.#perPage }));
  }

  draw({ service, sessions, rates, choice }: Model): void {
    if (service === undefined) return;
    const { matching, offset, items } = sessions;
    this.#perPage = sessions.perPage;
    const drawn = items.map((session) => {
      const item = this.#items.get(session.id) ?? new SessionItem(session, matching <= FEW);
      this.#items.set(session.id, item);
      item.draw(session, rates, service.now);
      return item.element;
    });
    arrange(this.#list, drawn);
    const kept = new Set(items.map(({ id }) => id));
    for (const id of this.#items.keys()) if (!kept.has(id)) this.#items.delete(id);

    setText(this.#count, `${count(service.paired)} paired, ${count(service.waiting)} waiting`);
    const isFiltered = choice.filter !== '' || choice.state !== 'any';
    setText(this.#empty, isFiltered ? 'No session fits the filter.' : 'Nobody is here.');
    this.#empty.hidden = matching > 0;
    this.#pages.hidden = matching <= sessions.perPage;
    const range = `${count(offset + 1)} to ${count(offset + items.length)} of ${counted(matching, 'session')}`;
    setText(this.#range, range);
    this.#newer.disabled = offset === 0;
    this.#older.disabled = offset + items.length >= matching;
  }

  #choose(choice: SessionChoice, change: Partial<SessionChoice>): void {
    Object.assign(choice, change);
    this.#ask();
  }
}

function stateOf(text: string): SessionChoice['state'] {
  return text === 'paired' || text === 'waiting' ? text : 'any';
}
