import type { Invocation } from './answer-past.js';
import { claim, el, setAll, svg } from './element.js';
import { duration, exactTimeOfDay } from './format.js';
import { type Bar, totalOf } from './waterfall.js';

/** What a row can open. */
export interface Opening {
  readonly call: (one: Invocation) => void;
  readonly meetup: (meetupId: string) => void;
  /** The list of calls, of one meetup. */
  readonly callsOf: (meetupId: string) => void;
}

/** One call in the table. */
export class CallRow {
  readonly row: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly #bars: readonly SVGRectElement[];
  readonly #cut = svg('path', { class: 'cut', d: 'M0 0l5 5l-5 5' });
  readonly #plot: SVGSVGElement;
  readonly #cell: HTMLTableCellElement;

  constructor(one: Invocation, open: Opening) {
    const { start, method, path, status, outcome, failure, traceId, meetupId } = one;
    this.button = el('button', { type: 'button', class: 'open', tabindex: -1, title: path }, claim(path));
    this.button.addEventListener('click', () => open.call(one));
    this.#bars = ['own', 'peer', 'own'].map((look) => svg('rect', { class: look, y: 3, height: 10, rx: 1 }));
    const end = svg('svg', { class: 'end', x: '100%', y: 3, overflow: 'visible' }, this.#cut);
    this.#plot = svg('svg', { class: 'bars', width: '100%', height: 16, 'aria-hidden': 'true' }, ...this.#bars, end);
    this.#cell = el('td', { class: 'axis' }, this.#plot, el('span', { class: 'hidden' }, spoken(one)));
    this.row = el(
      'tr',
      { class: isError(one) ? 'failed' : '' },
      el('td', { class: 'time' }, exactTimeOfDay(start)),
      el('td', { class: 'method' }, claim(method)),
      el('td', { class: 'path' }, this.button),
      el('td', { class: 'at' }, meetupButton(meetupId, open.meetup)),
      el('td', { class: 'status' }, status === null ? '—' : String(status)),
      el('td', { class: 'how' }, el('span', { class: `outcome ${failure ?? outcome}` }, outcome)),
      this.#cell,
      el('td', { class: 'number' }, duration(totalOf(one))),
      el('td', { class: 'trace', title: traceId }, traceId.slice(0, 8)),
    );
    this.row.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('button, a') === null) open.call(one);
    });
  }

  place({ offset, request, peer, response, isCut, isJoined }: Bar): void {
    let x = offset;
    for (const [i, width] of [request, peer, response].entries()) {
      const bar = this.#bars[i];
      if (bar !== undefined) setAll(bar, { x: percent(x), width: percent(width) });
      x += width;
    }
    setAll(this.#cut, { visibility: isCut ? 'visible' : 'hidden' });
    this.#cell.classList.toggle('joined', isJoined);
  }

  select(is: boolean): void {
    setAll(this.row, { 'aria-selected': is ? 'true' : false });
  }
}

/** Whether a call failed through no fault of the asker: a 404 is not red. */
export function isError({ failure }: Invocation): boolean {
  return failure !== null && failure !== 'answered_4xx';
}

/** A meetup id that opens the history of the meetup. */
export function meetupButton(meetupId: string, open: (meetupId: string) => void): HTMLButtonElement {
  const title = `Calls and history of ${meetupId}`;
  const button = el('button', { type: 'button', class: 'open meetup', title }, claim(meetupId));
  button.addEventListener('click', (event) => {
    // A session's line would fold or unfold.
    event.preventDefault();
    open(meetupId);
  });
  return button;
}

/** The three parts with their figures, as a bar of its own. */
export function wideBar(one: Invocation, requester: string, responder: string): HTMLElement {
  const parts = [
    { look: 'own', ms: one.requestProxyMs, name: `proxy, to the ${responder}` },
    { look: 'peer', ms: one.peerMs, name: `at the ${responder}` },
    { look: 'own', ms: one.responseProxyMs, name: `proxy, back to the ${requester}` },
  ];
  const total = Math.max(totalOf(one), Number.MIN_VALUE);
  let x = 0;
  const bars = parts.map(({ look, ms }) => {
    const width = ms > 0 ? Math.max(ms / total, 0.008) : 0;
    const bar = svg('rect', {
      class: look,
      x: percent(Math.min(x, 1 - width)),
      width: percent(width),
      y: 0,
      height: 22,
    });
    x += ms / total;
    return bar;
  });
  const legend = parts.map(({ look, ms, name }) =>
    el('li', {}, el('span', { class: `key ${look}` }, name), el('strong', {}, duration(ms))),
  );
  return el(
    'div',
    { class: 'wide' },
    svg('svg', { width: '100%', height: 22, 'aria-hidden': 'true' }, ...bars),
    el('ul', {}, ...legend),
  );
}

function percent(part: number): string {
  return `${Math.round(part * 100_000) / 1000}%`;
}

function spoken({ requestProxyMs, responseProxyMs, peerMs }: Invocation): string {
  return `${duration(requestProxyMs + responseProxyMs)} in the proxy, ${duration(peerMs)} at the peer`;
}
