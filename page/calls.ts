import type { Service } from './answer.js';
import type { CallList, Invocation } from './answer-past.js';
import { CallRow, type Opening } from './call-row.js';
import { arrange, byId, setAll, setText } from './element.js';
import { capital, count, counted, dayAndTime, duration } from './format.js';
import type { Model } from './model.js';
import type { View } from './view.js';
import { layOut } from './waterfall.js';

const KEYS: Readonly<Record<string, (at: number, end: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + 10,
  PageUp: (at) => at - 10,
  Home: () => 0,
  End: (_, end) => end,
};

/** What the service looks for the text in; `textOf` in proxy/page/calls.ts. */
const SEARCHED = 'method, path, status, outcome, class of failure, trace, meetup and session';

/** The table of calls, newest first, as a waterfall. The service chooses them, out of all that are kept. */
export class Calls {
  readonly #rows = new Map<number, CallRow>();
  readonly #open: Opening;
  readonly #body = byId('calls-rows', HTMLElement);
  readonly #count = byId('calls-count', HTMLElement);
  readonly #searched = byId('calls-searched', HTMLElement);
  readonly #empty = byId('calls-empty', HTMLElement);
  readonly #start = byId('axis-start', HTMLElement);
  readonly #middle = byId('axis-middle', HTMLElement);
  readonly #end = byId('axis-end', HTMLElement);
  readonly #hold = byId('calls-hold', HTMLButtonElement);
  /** The calls that are held still; undefined while the table follows. */
  #held: readonly Invocation[] | undefined;
  #shown: readonly Invocation[] = [];
  #selected = '';
  #drawn: { readonly model: Model; readonly view: View } | undefined;

  constructor(open: Opening) {
    this.#open = open;
    this.#hold.addEventListener('click', () => {
      this.#held = this.#held === undefined ? this.#drawn?.model.calls.items : undefined;
      setAll(this.#hold, { 'aria-pressed': String(this.#held !== undefined) });
      if (this.#drawn !== undefined) this.draw(this.#drawn.model, this.#drawn.view);
    });
    this.#body.addEventListener('keydown', (event) => this.#move(event));
  }

  draw(model: Model, view: View): void {
    this.#drawn = { model, view };
    this.#shown = [...(this.#held ?? model.calls.items)].reverse();
    const { limit, bars } = layOut(this.#shown);
    const rows = this.#shown.map((one, i) => {
      const row = this.#rows.get(one.sequence) ?? this.#add(one);
      const bar = bars[i];
      if (bar !== undefined) row.place(bar);
      row.select(one.traceId === view.trace);
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
    if (view.trace !== '') this.#selected = view.trace;
    this.#tell(model, view);
  }

  /** Puts the focus back where the detail was opened. */
  focus(): void {
    const one = this.#shown.find(({ traceId }) => traceId === this.#selected);
    if (one !== undefined) this.#rows.get(one.sequence)?.button.focus();
  }

  #add(one: Invocation): CallRow {
    const row = new CallRow(one, this.#open);
    this.#rows.set(one.sequence, row);
    return row;
  }

  #tell({ service, calls }: Model, view: View): void {
    if (service === undefined) return;
    const open = service.open > 0 ? `, ${count(service.open)} waiting for a response` : '';
    setText(this.#count, `${counted(service.calls, 'call')} since the start${open}`);
    const newest = this.#held?.at(-1)?.sequence ?? 0;
    const missed = calls.items.filter(({ sequence }) => sequence > newest).length;
    setText(this.#hold, this.#held === undefined ? 'Hold still' : `Go on${missed > 0 ? ` (${missed} new)` : ''}`);
    setText(this.#searched, searched(this.#shown.length, service, calls, view));
    setText(this.#empty, emptyText(service, calls));
    this.#empty.hidden = this.#shown.length > 0;
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
}

/** What the list is a part of, and what was looked at for it. */
function searched(shown: number, { calls: all }: Service, { fitting, kept, since }: CallList, view: View): string {
  if (since === null) return '';
  const of = `of ${counted(all, 'call')} since ${dayAndTime(since)} ${kept === 1 ? '1 is' : `${count(kept)} are`} kept`;
  const isNewest = shown < fitting ? `, the newest ${count(shown)} shown` : '';
  if (view.calls.trim() === '' && view.failure === 'any' && view.range === 'all') return `${capital(of)}${isNewest}.`;
  const where = view.calls.trim() === '' ? '' : `Looked for the text in ${SEARCHED}. `;
  return `${where}${capital(of)}; ${count(fitting)} of them fit${isNewest}.`;
}

function emptyText({ remembers }: Service, { kept }: CallList): string {
  if (!remembers) return 'No call is kept: the service runs with --history-memory 0.';
  return kept === 0 ? 'No call yet. It will appear here by itself.' : 'No call fits.';
}
