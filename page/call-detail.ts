import type { Invocation, InvocationDetail } from './answer.js';
import { wideBar } from './call-row.js';
import { byId, claim, el } from './element.js';
import { duration, exactTimeOfDay, size } from './format.js';
import { copyButton } from './guide.js';
import { totalOf } from './waterfall.js';

type Row = readonly [name: string, value: Node | string];

/** The panel that shows all that is known of one call: its span. */
export class CallDetail {
  readonly #panel = byId('detail', HTMLElement);
  readonly #closed: (sequence: number) => void;
  #sequence = 0;
  #spansTo: string | null = null;

  /** @param closed is told which call the panel was closed on */
  constructor(closed: (sequence: number) => void) {
    this.#closed = closed;
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && !this.#panel.hidden) this.close();
    });
  }

  async show({ sequence }: Invocation, spansTo: string | null): Promise<void> {
    this.#sequence = sequence;
    this.#spansTo = spansTo;
    const body = await this.#bodyOf(sequence);
    if (this.#sequence !== sequence) return;
    this.#panel.replaceChildren(this.#closeButton(), ...body);
    this.#panel.hidden = false;
    this.#panel.scrollTop = 0;
    this.#panel.focus();
  }

  close(): void {
    const was = this.#sequence;
    this.#sequence = 0;
    this.#panel.hidden = true;
    this.#closed(was);
  }

  async #bodyOf(sequence: number): Promise<Node[]> {
    try {
      const response = await fetch(`/page/invocation?sequence=${sequence}`);
      if (!response.ok) return message((await response.text()).trim());
      return this.#draw((await response.json()) as InvocationDetail);
    } catch {
      return message('the service does not answer');
    }
  }

  #draw(detail: InvocationDetail): Node[] {
    const { invocation: one, meaning, requesterRole, responderRole, query, span } = detail;
    const [from, to] = requesterRole === responderRole ? ['requester', 'responder'] : [requesterRole, responderRole];
    const path = query === '' ? one.path : `${one.path}?${query}`;
    return [
      el('h2', { id: 'detail-title' }, claim(`${one.method} ${path}`)),
      el(
        'p',
        { class: 'verdict' },
        el('span', { class: `outcome ${one.failure ?? one.outcome}` }, one.outcome),
        ` ${one.status ?? ''} in ${duration(totalOf(one))}. ${meaning}`,
      ),
      wideBar(one, from, to),
      el('h3', {}, 'Span'),
      table([
        ['name', claim(span.name)],
        ['kind', span.kind],
        ['trace id', copied(span.traceId, 'Copy the trace id')],
        ['span id', span.spanId],
        ['parent', span.parentSpanId ?? 'none: the root of its trace'],
        ...span.links.map((link): Row => ['link', `${link.spanId} in trace ${link.traceId}`]),
        ['start', exactTimeOfDay(one.start)],
        ['from', claim(`${span.attributes['ws_proxy.requester.subject'] ?? requesterRole}`)],
        ['to', claim(`${span.attributes['ws_proxy.responder.subject'] ?? responderRole}`)],
        ['messages', `${size(detail.requestBytes)} request, ${size(detail.responseBytes)} response`],
        ['exported', this.#exported(detail)],
      ]),
      el('h3', {}, 'Attributes'),
      table(Object.entries(span.attributes).map(([name, value]): Row => [name, claim(plain(value))])),
    ];
  }

  #exported({ isExported }: InvocationDetail): string {
    if (this.#spansTo === null)
      return 'no; a collector gets spans after OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 npm start';
    return isExported ? `to ${this.#spansTo}` : 'no: it was not sampled';
  }

  #closeButton(): HTMLButtonElement {
    const button = el('button', { type: 'button', class: 'close', 'aria-label': 'Close' }, '✕');
    button.addEventListener('click', () => this.close());
    return button;
  }
}

function message(text: string): Node[] {
  return [el('h2', { id: 'detail-title' }, 'Call'), el('p', {}, text)];
}

/** A fraction without the noise of its last digits. */
function plain(value: string | number | boolean): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(9))) : String(value);
}

function copied(text: string, label: string): HTMLElement {
  return el('span', { class: 'copied' }, text, ' ', copyButton(text, label));
}

function table(rows: readonly Row[]): HTMLElement {
  return el('dl', { class: 'pairs' }, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}
