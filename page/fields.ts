import { byId } from './element.js';
import { timeIn, type View } from './view.js';

/** Time without a key after which a text is asked for, milliseconds. */
const TYPING = 200;

type Texts = 'calls' | 'sessions' | 'troubles';
type Choices = 'failure' | 'state' | 'kind' | 'range';

/** The fields of the page, by which a view is chosen: what stands in them is what stands in the URL. */
export class Fields {
  readonly #go: (change: Partial<View>) => void;
  readonly #texts = new Map<Texts, HTMLInputElement>();
  readonly #choices = new Map<Choices, HTMLSelectElement>();
  readonly #times = { from: byId('range-from', HTMLInputElement), to: byId('range-to', HTMLInputElement) };
  readonly #between = byId('range-between', HTMLElement);
  /** Timers of the fields in which somebody types. */
  readonly #typing = new Map<Texts, number>();

  constructor(go: (change: Partial<View>) => void) {
    this.#go = go;
    for (const name of ['calls', 'sessions', 'troubles'] as const) this.#text(name, `${name}-filter`);
    this.#choice('failure', 'calls-failure');
    this.#choice('state', 'sessions-state');
    this.#choice('kind', 'troubles-kind');
    this.#choice('range', 'range');
    for (const name of ['from', 'to'] as const) {
      const field = this.#times[name];
      field.addEventListener('change', () => this.#go({ [name]: timeIn(field.value) }));
    }
  }

  /** Shows a view; a field in which somebody types is left alone. */
  draw(view: View): void {
    for (const [name, field] of this.#texts) {
      if (!this.#typing.has(name)) put(field, view[name]);
    }
    for (const [name, field] of this.#choices) put(field, view[name]);
    this.#between.hidden = view.range !== 'between';
    for (const name of ['from', 'to'] as const) {
      if (!this.#times[name].matches(':focus')) put(this.#times[name], localTime(view[name]));
    }
  }

  #text(name: Texts, id: string): void {
    const field = byId(id, HTMLInputElement);
    this.#texts.set(name, field);
    field.addEventListener('input', () => {
      window.clearTimeout(this.#typing.get(name));
      const chosen = (): void => {
        this.#typing.delete(name);
        this.#go({ [name]: field.value, ...(name === 'sessions' ? { offset: 0 } : {}) });
      };
      this.#typing.set(name, window.setTimeout(chosen, TYPING));
    });
  }

  #choice(name: Choices, id: string): void {
    const field = byId(id, HTMLSelectElement);
    this.#choices.set(name, field);
    field.addEventListener('change', () => {
      this.#go({ [name]: field.value, ...(name === 'state' ? { offset: 0 } : {}) });
    });
  }
}

function put(field: HTMLInputElement | HTMLSelectElement, value: string): void {
  if (field.value !== value) field.value = value;
}

/** The form of `datetime-local`, in the time zone of the browser. */
function localTime(at: number): string {
  if (at === 0) return '';
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
