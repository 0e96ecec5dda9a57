import { DialError } from '../proxy/transport/dial/dial-error.js';
import { type EndingLabel, endings, type Retry } from '../proxy/wire/close.js';

/** The reason why a peer is not connected, and the next step that the other side asks for. */
export interface Setback {
  /** The label of the close table, or of the dial's failure. */
  readonly reason: string;
  /** One line for people. */
  readonly message: string;
  /** When to come back. */
  readonly retry: Retry;
  /** Seconds to wait at least. */
  readonly retryAfter?: number;
  /** The proxy restarts, or another replica takes over: it will be back in a moment. */
  readonly restarts?: true;
  /** How many messages of this connection the proxy took before it closed, the HELLO included; what came later reached nobody [CLOSE-9]. */
  readonly taken?: number;
}

/** Reasons of a proxy that will be back in a moment. A load balancer before it, or an HTTP proxy on the way, says so by a status alone. */
const RESTARTS: ReadonlySet<string> = new Set([
  'unavailable',
  'draining',
  'unplaced',
  'deposed',
  ...[502, 503, 504].flatMap((status) => [`http_${status}`, `HTTP_${status}`]),
]);

/** The meaning of a failed dial, or of a fault before it such as an unreadable certificate. */
export function setbackOfDial(error: unknown): Setback {
  if (!(error instanceof DialError)) {
    return { reason: 'not_dialled', message: error instanceof Error ? error.message : String(error), retry: 'later' };
  }
  const { failure, message } = error;
  const { retry } = failure;
  if (failure.t === 'http_proxy') return { reason: failure.t, message, retry, ...restarting(failure.code) };
  if (failure.t !== 'refused') return { reason: failure.t, message, retry };
  const { reason, retryAfter } = failure;
  return { reason, message, retry, ...(retryAfter === undefined ? {} : { retryAfter }), ...restarting(reason) };
}

/**
 * The meaning of a connection's end. `label` is the end as this side saw it; a close frame of the proxy says more by its code and, where
 * codes are shared, its text. `retry in N s` in the text asks for a time, and `messages taken: N` tells a count, as a draining
 * proxy does.
 */
export function setbackOfEnd(label: EndingLabel, code: number, reason: string): Setback {
  const heard = label === 'closed_by_peer' ? labelOf(code, reason) : label;
  const wait = /\bretry in (\d{1,5}) s\b/.exec(reason)?.[1];
  const setback: Setback = {
    reason: heard ?? `close_${code}`,
    message: reason === '' ? wordsOf(heard) : reason,
    retry: retryOf(heard),
    ...restarting(heard),
  };
  return { ...setback, ...(wait === undefined ? {} : { retryAfter: Number(wait) }), ...takenBy(heard, reason) };
}

function takenBy(label: EndingLabel | undefined, reason: string): { readonly taken?: number } {
  const count = /\bmessages taken: (\d{1,15})$/.exec(reason)?.[1];
  return label !== 'draining' || count === undefined ? {} : { taken: Number(count) };
}

function restarting(reason: string | undefined): { readonly restarts?: true } {
  return reason !== undefined && RESTARTS.has(reason) ? { restarts: true } : {};
}

function labelOf(code: number, reason: string): EndingLabel | undefined {
  let fallback: EndingLabel | undefined;
  for (const label of Object.keys(endings) as (keyof typeof endings)[]) {
    const row = endings[label];
    if (!('code' in row) || row.code !== code) continue;
    const [start = ''] = row.text.split('{detail}');
    if (reason.startsWith(start)) return label as EndingLabel;
    fallback = label as EndingLabel;
  }
  // The text may be another proxy's; only where the code alone is clear does it name the row.
  return code === 1002 ? undefined : fallback;
}

/** A message over the limit is never sent again, so the connection itself may come back at once. */
function retryOf(label: EndingLabel | undefined): Retry {
  if (label === undefined) return 'later';
  return label === 'message_too_big' ? 'now' : endings[label].retry;
}

function wordsOf(label: EndingLabel | undefined): string {
  return label === undefined ? 'the connection was closed' : endings[label].text;
}
