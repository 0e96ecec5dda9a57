import { meetupButton } from './call-row.js';
import { arrange, byId, el, setText } from './element.js';
import { count, counted } from './format.js';
import type { Model } from './model.js';
import { SessionItem } from './session-item.js';
import type { View } from './view.js';

/** With so few sessions, each is shown whole. */
const FEW = 2;
/** What the service looks for the text in; `fits` in proxy/page/session-page.ts. */
const SEARCHED = 'meetup, subject, address, role and what the HELLO says, of all live sessions of this replica';

/** The list of sessions: filtered and cut into pages by the service, so that a thousand cost as little as one. */
export class Sessions {
  readonly #items = new Map<string, SessionItem>();
  readonly #open: (meetupId: string) => void;
  readonly #list = byId('sessions-list', HTMLElement);
  readonly #count = byId('sessions-count', HTMLElement);
  readonly #searched = byId('sessions-searched', HTMLElement);
  readonly #gone = byId('sessions-gone', HTMLElement);
  readonly #empty = byId('sessions-empty', HTMLElement);
  readonly #pages = byId('sessions-pages', HTMLElement);
  readonly #range = byId('sessions-range', HTMLElement);
  readonly #newer = byId('sessions-newer', HTMLButtonElement);
  readonly #older = byId('sessions-older', HTMLButtonElement);
  #perPage = 1;
  #offset = 0;
  #goneDrawn = '';

  constructor(open: (meetupId: string) => void, go: (change: Partial<View>) => void) {
    this.#open = open;
    this.#newer.addEventListener('click', () => go({ offset: Math.max(0, this.#offset - this.#perPage) }));
    this.#older.addEventListener('click', () => go({ offset: this.#offset + this.#perPage }));
  }

  draw({ service, sessions, rates, gone }: Model, view: View): void {
    if (service === undefined) return;
    const { matching, offset, items } = sessions;
    this.#perPage = sessions.perPage;
    this.#offset = offset;
    const drawn = items.map((session) => {
      const item = this.#items.get(session.id) ?? new SessionItem(session, matching <= FEW, this.#open);
      this.#items.set(session.id, item);
      item.draw(session, rates, service.now);
      return item.element;
    });
    arrange(this.#list, drawn);
    const kept = new Set(items.map(({ id }) => id));
    for (const id of this.#items.keys()) if (!kept.has(id)) this.#items.delete(id);

    setText(this.#count, `${count(service.paired)} paired, ${count(service.waiting)} waiting`);
    const isSearched = view.sessions.trim() !== '';
    const isFiltered = isSearched || view.state !== 'any';
    setText(this.#searched, isSearched ? `${count(matching)} fit. Looked for the text in ${SEARCHED}.` : '');
    setText(this.#empty, isFiltered ? 'No live session fits.' : 'Nobody is here.');
    this.#empty.hidden = matching > 0;
    this.#drawGone(gone);
    this.#pages.hidden = matching <= sessions.perPage;
    const range = `${count(offset + 1)} to ${count(offset + items.length)} of ${counted(matching, 'session')}`;
    setText(this.#range, range);
    this.#newer.disabled = offset === 0;
    this.#older.disabled = offset + items.length >= matching;
  }

  /** Meetups that fit where nobody is now: their history is remembered. */
  #drawGone(gone: readonly string[]): void {
    const key = JSON.stringify(gone);
    if (key === this.#goneDrawn) return;
    this.#goneDrawn = key;
    this.#gone.hidden = gone.length === 0;
    const items = gone.map((meetupId) => el('li', {}, meetupButton(meetupId, this.#open)));
    this.#gone.replaceChildren(el('h3', {}, 'Remembered, and nobody there now'), el('ul', {}, ...items));
  }
}
