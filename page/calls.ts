import type { Invocation } from './answer.js';
import { CallRow } from './call-row.js';
import { arrange, byId, setAll, setText } from './element.js';
import { count, counted, duration } from './format.js';
import type { Model } from './model.js';
import { layOut } from './waterfall.js';

const KEYS: Readonly<Record<string, (at: number, end: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 10,
  PageUp: (at) => at - 10,
  Home: () => 0,
  End: (_, end) => end,
};

/** The table of calls, newest first, as a waterfall. */
export class Calls {
  readonly #rows = new Map<number, CallRow>();
  readonly #open: (one: Invocation) => void;
  readonly #body = byId('calls-rows', HTMLElement);
  readonly #count = byId('calls-count', HTMLElement);
  readonly #empty = byId('calls-empty', HTMLElement);
  readonly #start = byId('axis-start', HTMLElement);
  readonly #middle = byId('axis-middle', HTMLElement);
  readonly #end = byId('axis-end', HTMLElement);
  readonly #filter = byId('calls-filter', HTMLInputElement);
  readonly #failed = byId('calls-failed', HTMLInputElement);
  readonly #hold = byId('calls-hold', HTMLButtonElement);
  /** The calls that are held still; undefined while the table follows. */
  #held: readonly Invocation[] | undefined;
  #shown: readonly Invocation[] = [];
  #selected = 0;
  #model: Model | undefined;

  constructor(open: (one: Invocation) => void) {
    this.#open = open;
    this.#filter.addEventListener('input', () => this.#redraw());
    this.#failed.addEventListener('change', () => this.#redraw());
    this.#hold.addEventListener('click', () => {
      this.#held = this.#held === undefined ? this.#model?.invocations : undefined;
      setAll(this.#hold, { 'aria-pressed': String(this.#held !== undefined) });
      this.#redraw();
    });
    this.#body.addEventListener('keydown', (event) => this.#move(event));
  }

  draw(model: Model): void {
    this.#model = model;
    const all = this.#held ?? model.invocations;
    this.#shown = all.filter((one) => this.#fits(one)).reverse();
    const { limit, bars } = layOut(this.#shown);
    const rows = this.#shown.map((one, i) => {
      const row = this.#rows.get(one.sequence) ?? this.#add(one);
      const bar = bars[i];
      if (bar !== undefined) row.place(bar);
      return row;
    });
    const kept = new Set(this.#shown.map(({ sequence }) => sequence));
    for (const sequence of this.#rows.keys()) if (!kept.has(sequence)) this.#rows.delete(sequence);
    arrange(
      this.#body,
      rows.map(({ row }) => row),
    );
    if (!rows.some(({ button }) => button.tabIndex === 0)) rows[0]?.button.setAttribute('tabindex', '0');
    const isEmpty = this.#shown.length === 0;
    setText(this.#start, isEmpty ? '' : '0');
    setText(this.#middle, isEmpty ? '' : duration(limit / 2));
    setText(this.#end, isEmpty ? '' : duration(limit));
    this.#tell(model, all.length);
  }

  /** Marks the call whose detail is shown; 0: none. */
  select(sequence: number): void {
    this.#rows.get(this.#selected)?.select(false);
    this.#selected = sequence;
    this.#rows.get(sequence)?.select(true);
  }

  /** Puts the focus back where the detail was opened. */
  focus(sequence: number): void {
    this.#rows.get(sequence)?.button.focus();
  }

  #add(one: Invocation): CallRow {
    const row = new CallRow(one, () => this.#open(one));
    if (one.sequence === this.#selected) row.select(true);
    this.#rows.set(one.sequence, row);
    return row;
  }

  #tell({ service, invocations }: Model, of: number): void {
    const seen = service?.seen.invocations ?? 0;
    const isPart = seen > of || this.#shown.length < of;
    const open = service !== undefined && service.open > 0 ? `, ${count(service.open)} waiting for a response` : '';
    setText(this.#count, `${isPart ? `${count(this.#shown.length)} of ` : ''}${counted(seen, 'call')}${open}`);
    const missed = (invocations.at(-1)?.sequence ?? 0) - (this.#held?.at(-1)?.sequence ?? 0);
    setText(this.#hold, this.#held === undefined ? 'Hold still' : `Go on${missed > 0 ? ` (${missed} new)` : ''}`);
    setText(this.#empty, of === 0 ? 'No call yet. It will appear here by itself.' : 'No call fits the filter.');
    this.#empty.hidden = this.#shown.length > 0;
  }

  #fits({ method, path, status, outcome, traceId, meetupId, failure }: Invocation): boolean {
    if (this.#failed.checked && failure === null) return false;
    const text = this.#filter.value.trim().toLowerCase();
    return text === '' || `${method} ${path} ${status} ${outcome} ${traceId} ${meetupId}`.toLowerCase().includes(text);
  }

  #move(event: KeyboardEvent): void {
    const step = KEYS[event.key];
    const buttons = this.#shown.flatMap(({ sequence }) => this.#rows.get(sequence)?.button ?? []);
    const at = buttons.findIndex((button) => button.matches(':focus'));
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const end = buttons.length - 1;
    const next = buttons[Math.min(end, Math.max(0, step(at, end)))];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
  }

  #redraw(): void {
    if (this.#model !== undefined) this.draw(this.#model);
  }
}
