import { byId, el, setAll, setText, svg } from './element.js';
import { age } from './format.js';
import { bars, HEIGHT, steps } from './plot.js';
import { COLUMNS, type Column } from './series.js';

/** One line, or one layer of bars. */
export interface Layer {
  readonly name: string;
  /** Class that gives its colour. */
  readonly look: string;
  readonly value: (column: Column) => number | undefined;
}

export interface ChartPlan {
  /** Id of the element that it is put into. */
  readonly id: string;
  readonly title: string;
  readonly shape: 'bars' | 'lines';
  readonly layers: readonly Layer[];
  readonly format: (value: number) => string;
  /** The next number that the axis may end at. */
  readonly round: (value: number) => number;
  /** The figure in large type, and the words beside it. */
  readonly headline: (recent: Column, minute: Column) => { readonly figure: string; readonly note: string };
}

/** One small chart of the last ten minutes; pointing at it tells the values under the pointer. */
export class Chart {
  readonly #plan: ChartPlan;
  readonly #figure = el('strong', { class: 'figure' });
  readonly #note = el('span', { class: 'note' });
  readonly #top = el('span', { class: 'top' });
  readonly #reading = el('span', { class: 'reading' }, 'now');
  readonly #paths: readonly SVGPathElement[];
  readonly #plot: SVGSVGElement;
  #columns: readonly Column[] = [];

  constructor(plan: ChartPlan) {
    this.#plan = plan;
    this.#paths = plan.layers.map(({ look }) => svg('path', { class: `${plan.shape} ${look}` }));
    this.#plot = svg(
      'svg',
      { viewBox: `0 0 ${COLUMNS} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
      ...this.#paths,
    );
    this.#plot.addEventListener('pointermove', (event) => this.#read(event));
    this.#plot.addEventListener('pointerleave', () => setText(this.#reading, 'now'));
    const keys = plan.layers.map(({ name, look }) => el('span', { class: `key ${look}` }, name));
    byId(plan.id, HTMLElement).append(
      el('h2', {}, plan.title),
      el('p', { class: 'headline' }, this.#figure, ' ', this.#note),
      el('div', { class: 'plot' }, this.#top, this.#plot),
      el('p', { class: 'foot' }, el('span', {}, '−10 min'), el('span', { class: 'keys' }, ...keys), this.#reading),
    );
  }

  draw(columns: readonly Column[], recent: Column, minute: Column): void {
    const { layers, shape, title, format, round, headline } = this.#plan;
    this.#columns = columns;
    const { figure, note } = headline(recent, minute);
    setText(this.#figure, figure);
    setText(this.#note, note);
    const highest = Math.max(0, ...columns.map((column) => this.#height(column)));
    const limit = round(highest);
    setText(this.#top, highest === 0 ? '' : format(limit));
    setAll(this.#plot, { 'aria-label': `${title}: ${figure} ${note}; highest in ten minutes ${format(highest)}` });
    let base = columns.map(() => 0);
    for (const [i, { value }] of layers.entries()) {
      const values = columns.map(value);
      const drawn = values.map((one) => one ?? 0);
      this.#paths[i]?.setAttribute('d', shape === 'bars' ? bars(drawn, base, limit) : steps(values, limit));
      base = base.map((below, at) => below + (drawn[at] ?? 0));
    }
  }

  #height(column: Column): number {
    const values = this.#plan.layers.map(({ value }) => value(column) ?? 0);
    return this.#plan.shape === 'bars' ? values.reduce((sum, one) => sum + one, 0) : Math.max(...values);
  }

  #read(event: PointerEvent): void {
    const { left, width } = this.#plot.getBoundingClientRect();
    const place = Math.floor(((event.clientX - left) / width) * COLUMNS) - (COLUMNS - this.#columns.length);
    const column = this.#columns[place];
    const newest = this.#columns.at(-1);
    if (column === undefined || newest === undefined) {
      setText(this.#reading, 'now');
      return;
    }
    const values = this.#plan.layers.flatMap(({ value }) => {
      const one = value(column);
      return one === undefined ? [] : [this.#plan.format(one)];
    });
    setText(this.#reading, `${values.join(' · ') || 'none'}, ${age(newest.at - column.at)} ago`);
  }
}
