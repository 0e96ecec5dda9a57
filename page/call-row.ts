import type { Invocation } from './answer.js';
import { claim, el, setAll, svg } from './element.js';
import { duration, exactTimeOfDay } from './format.js';
import { type Bar, totalOf } from './waterfall.js';

/** One call in the table. */
export class CallRow {
  readonly row: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly #bars: readonly SVGRectElement[];
  readonly #cut = svg('path', { class: 'cut', d: 'M0 0l5 5l-5 5' });
  readonly #plot: SVGSVGElement;
  readonly #cell: HTMLTableCellElement;

  constructor(one: Invocation, open: () => void) {
    const { start, method, path, status, outcome, failure, traceId } = one;
    this.button = el('button', { type: 'button', class: 'open', tabindex: -1, title: path }, claim(path));
    this.button.addEventListener('click', open);
    this.#bars = ['own', 'peer', 'own'].map((look) => svg('rect', { class: look, y: 3, height: 10, rx: 1 }));
    const end = svg('svg', { class: 'end', x: '100%', y: 3, overflow: 'visible' }, this.#cut);
    this.#plot = svg('svg', { class: 'bars', width: '100%', height: 16, 'aria-hidden': 'true' }, ...this.#bars, end);
    this.#cell = el('td', { class: 'axis' }, this.#plot, el('span', { class: 'hidden' }, spoken(one)));
    this.row = el(
      'tr',
      { class: failure === null || failure === 'answered_4xx' ? '' : 'failed' },
      el('td', { class: 'time' }, exactTimeOfDay(start)),
      el('td', { class: 'method' }, claim(method)),
      el('td', { class: 'path' }, this.button),
      el('td', { class: 'status' }, status === null ? '—' : String(status)),
      el('td', {}, el('span', { class: `outcome ${failure ?? outcome}` }, outcome)),
      this.#cell,
      el('td', { class: 'number' }, duration(totalOf(one))),
      el('td', { class: 'trace', title: traceId }, traceId.slice(0, 8)),
    );
    this.row.addEventListener('click', ({ target }) => {
      if (target instanceof Node && !this.button.contains(target)) open();
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
