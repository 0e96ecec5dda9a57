import type { Invocation } from './answer-past.js';
import { isError } from './call-row.js';
import { claim, el } from './element.js';
import { dayAndTime, duration } from './format.js';

/** One call in the panel, as a line; it opens the call where there is something to open it. */
export function callLine(one: Invocation, open?: (one: Invocation) => void): HTMLElement {
  const { method, path, status, outcome, failure, start, traceId, requestProxyMs, peerMs, responseProxyMs } = one;
  const parts = [
    el('span', { class: 'note' }, dayAndTime(start)),
    el('span', { class: `outcome ${failure ?? outcome}` }, status === null ? outcome : String(status)),
    el('span', { class: 'what' }, claim(`${method} ${path}`)),
    el('span', { class: 'note' }, `${duration(peerMs)} peer, ${duration(requestProxyMs + responseProxyMs)} proxy`),
  ];
  const look = `call-line${isError(one) ? ' failed' : ''}`;
  if (open === undefined) return el('p', { class: look }, ...parts);
  const button = el('button', { type: 'button', class: `open ${look}`, 'data-of': `call ${one.sequence}` }, ...parts);
  button.title = `Trace ${traceId}`;
  button.addEventListener('click', () => open(one));
  return button;
}
