import { byId, el } from './element.js';

/** What a panel shows; `key` is the same for as long as it is about the same. */
export interface PanelContent {
  readonly key: string;
  readonly title: Node;
  readonly body: readonly Node[];
}

/** The panel beside the lists, which shows all of one thing. */
export class Panel {
  readonly #panel = byId('detail', HTMLElement);
  readonly #close: HTMLButtonElement;
  #key = '';

  /** @param closed is called when the viewer closes it */
  constructor(closed: () => void) {
    this.#close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '✕');
    this.#close.addEventListener('click', closed);
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && !this.#panel.hidden) closed();
    });
  }

  /** Shows something. What is new gets the focus; what has changed keeps the place at which somebody reads, and the focus. */
  show({ key, title, body }: PanelContent): void {
    const isNew = key !== this.#key || this.#panel.hidden;
    this.#key = key;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['of'] : undefined;
    this.#panel.replaceChildren(this.#close, el('h2', { id: 'detail-title' }, title), ...body);
    this.#panel.hidden = false;
    if (isNew) {
      this.#panel.scrollTop = 0;
      this.#panel.focus();
    } else if (focused !== undefined) {
      this.#panel.querySelector<HTMLElement>(`[data-of="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  hide(): void {
    this.#key = '';
    this.#panel.hidden = true;
  }
}

export type Row = readonly [name: string, value: Node | string];

/** Names and values, one a line. */
export function pairs(rows: readonly Row[]): HTMLElement {
  return el('dl', { class: 'pairs' }, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}
