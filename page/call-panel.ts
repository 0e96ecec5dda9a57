import type { Service } from './answer.js';
import type { CallDetail, Invocation } from './answer-past.js';
import { callLine } from './call-line.js';
import { meetupButton, type Opening, wideBar } from './call-row.js';
import { claim, el } from './element.js';
import { dayAndTime, duration, exactTimeOfDay, size } from './format.js';
import { copyButton } from './guide.js';
import { type Panel, type PanelContent, pairs, type Row } from './panel.js';
import { totalOf } from './waterfall.js';

/** Shows all that is remembered of the call of one trace, in the panel. */
export class CallPanel {
  readonly #panel: Panel;
  readonly #open: Opening;
  #wanted = '';

  constructor(panel: Panel, open: Opening) {
    this.#panel = panel;
    this.#open = open;
  }

  /** Asks for the call, unless it is shown. `service`: for links, and for what is said where the call is not kept. */
  async show(traceId: string, service: Service): Promise<void> {
    if (this.#wanted === traceId) return;
    this.#wanted = traceId;
    const content = await this.#contentOf(traceId, service);
    if (this.#wanted !== traceId) return;
    // Nothing answered, which the page says already: the next answer to anything asks again.
    if (content === undefined) this.#wanted = '';
    else this.#panel.show(content);
  }

  /** Something else is shown. */
  leave(): void {
    this.#wanted = '';
  }

  async #contentOf(traceId: string, service: Service): Promise<PanelContent | undefined> {
    const key = `trace ${traceId}`;
    try {
      const response = await fetch(`/page/call?trace=${traceId}`);
      if (response.ok) return { key, ...this.#draw((await response.json()) as CallDetail, service) };
      const why = response.status === 404 ? notKept(service) : (await response.text()).trim();
      return { key, title: claim(`Trace ${traceId}`), body: [el('p', {}, why), ...links(traceId, service)] };
    } catch {
      return undefined;
    }
  }

  #draw(detail: CallDetail, service: Service): { readonly title: Node; readonly body: readonly Node[] } {
    const { invocation: one, meaning, ending, requester, responder, query, others } = detail;
    const isTold = requester.role !== responder.role;
    const [from, to] = isTold ? [requester.role, responder.role] : ['requester', 'responder'];
    const path = query === '' ? one.path : `${one.path}?${query}`;
    const why = ending === '' ? '' : ` The session ended: ${ending}.`;
    return {
      title: claim(`${one.method} ${path}`),
      body: [
        el(
          'p',
          { class: 'verdict' },
          el('span', { class: `outcome ${one.failure ?? one.outcome}` }, one.outcome),
          ` ${one.status ?? ''} in ${duration(totalOf(one))}. ${meaning}${why}`,
        ),
        wideBar(one, from, to),
        el('p', { class: 'where' }, whereItWas(one, to)),
        el('h3', {}, 'Call'),
        pairs([
          ['meetup', meetupButton(one.meetupId, this.#open.meetup)],
          ['session', detail.session],
          ['start', `${dayAndTime(one.start)}${exactTimeOfDay(one.start).slice(8)}`],
          ['from', partyText(requester)],
          ['to', partyText(responder)],
          ...(query === '' ? [] : [['query', claim(query)] as const]),
          ['messages', `${size(detail.requestBytes)} request, ${size(detail.responseBytes)} response`],
        ]),
        el('h3', {}, 'Trace'),
        pairs(traceRows(detail, service)),
        ...links(one.traceId, service),
        ...(others.length === 0
          ? []
          : [el('h3', {}, 'Other calls of this trace'), ...others.map((other) => callLine(other))]),
      ],
    };
  }
}

function traceRows(detail: CallDetail, { spansTo }: Service): Row[] {
  const { invocation, claimedTraceId, spanId, parentSpanId, isExported } = detail;
  return [
    ['trace id', copied(invocation.traceId, 'Copy the trace id')],
    ...(claimedTraceId === '' ? [] : [['of the caller', claim(claimedTraceId)] as const]),
    ['span id', spanId],
    ['parent', parentSpanId ?? 'none: the root of its trace'],
    ['exported', exportedText(isExported, spansTo)],
  ];
}

/** The link to the trace, where the service has a template for it. */
function links(traceId: string, { traceLink }: Service): Node[] {
  if (traceLink === null) return [];
  const href = traceLink.replaceAll('{trace_id}', traceId);
  // The service takes such templates only; what else an address can do in a page is nobody's to try.
  if (!/^https?:\/\//i.test(href)) return [];
  return [
    el('p', {}, el('a', { class: 'trace-link', href, rel: 'noreferrer noopener', target: '_blank' }, 'Show the trace')),
  ];
}

function notKept({ remembers }: Service): string {
  if (!remembers) return 'No call is kept: the service runs with --history-memory 0.';
  return 'No call of this trace is kept by this replica. Of busy meetups only a part of the calls is, and the oldest are forgotten.';
}

/** From this time on, milliseconds, a call has waited in the proxy for somebody. */
const LONG_MS = 1_000;

/** Where most of the time went, in words. */
function whereItWas({ requestProxyMs, peerMs, responseProxyMs }: Invocation, to: string): string {
  const proxy = requestProxyMs + responseProxyMs;
  if (peerMs + proxy < 1) return '';
  if (peerMs >= proxy)
    return `Most of it, ${duration(peerMs)}, was at the ${to} or behind it; ${duration(proxy)} in the proxy.`;
  const why = proxy < LONG_MS ? '' : ', where it waited: the side that was to take it read slowly, or above its rate';
  return `Most of it, ${duration(proxy)}, was in the proxy${why}.`;
}

function partyText({ role, subject }: CallDetail['requester']): Node {
  return claim(subject === '' ? role : `${role}, ${subject}`);
}

function exportedText(isExported: boolean, spansTo: string | null): string {
  if (spansTo === null) return 'no; a collector gets spans after OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318';
  return isExported ? `to ${spansTo}` : 'no: it was not sampled';
}

function copied(text: string, label: string): HTMLElement {
  return el('span', { class: 'copied' }, text, ' ', copyButton(text, label));
}
