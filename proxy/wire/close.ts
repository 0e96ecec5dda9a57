/**
 * The one table of ways to be refused or to end.
 *
 * A row with a `status` can refuse an upgrade (HTTP, before the 101); a row with a `code` can end a connection
 * (websocket close frame). The label is the word that the close reason, log line, audit line, metric, span, control
 * event and documents share. Codes and texts that deployed peers know are those of PROTOCOL.md; our own codes are in
 * 4400–4499 and mirror the HTTP status of the same refusal where there is one.
 */

/** The next step of a well-behaved peer. `never`: it waits until an operator or a new certificate has changed something. */
export type Retry = 'now' | 'later' | 'never';

interface EndingRow {
  /** HTTP status when an upgrade is refused for this reason. */
  readonly status?: number;
  /** Websocket close code when a connection ends for this reason (RFC 6455 §7.4). */
  readonly code?: number;
  /** Text of the close reason or of the JSON error; `{detail}` is replaced, otherwise a detail is appended. */
  readonly text: string;
  readonly retry: Retry;
  /** `Retry-After` of the refusal, in seconds. */
  readonly retryAfter?: number;
  /** One sentence for documents: when it happens. */
  readonly meaning: string;
}

export const endings = {
  // Faults of the request
  not_found: {
    status: 404,
    text: 'no such path',
    retry: 'never',
    meaning: 'The path does not start with the prefix of the meetups.',
  },
  meetup_id_invalid: {
    status: 400,
    text: 'the meetup id is not valid',
    retry: 'never',
    meaning: 'The meetup id is empty, too long, escaped, or has a character that is not allowed.',
  },
  upgrade_required: {
    status: 426,
    text: 'a websocket upgrade is required',
    retry: 'never',
    meaning: 'The request is not a websocket upgrade of version 13.',
  },
  origin_denied: {
    status: 403,
    text: 'the Origin header is not one that is let in',
    retry: 'never',
    meaning: 'The request has the Origin of another site, as a browser sends it; --origins says which are let in.',
  },
  request_invalid: {
    status: 400,
    text: 'the request is not valid',
    retry: 'never',
    meaning: 'A header of the upgrade is missing, repeated or malformed, or HTTP is broken.',
  },

  // Identity and policy
  identity_missing: {
    status: 401,
    text: 'no verified client certificate',
    retry: 'never',
    meaning: 'The edge forwarded no identity: the request did not come through it.',
  },
  identity_malformed: {
    status: 400,
    text: 'the forwarded identity is not valid',
    retry: 'never',
    meaning: 'The identity that the edge forwarded is incomplete, repeated or malformed.',
  },
  certificate_expired: {
    status: 401,
    code: 4401,
    text: 'the client certificate has expired',
    retry: 'never',
    meaning: 'The time of notAfter in the client certificate has passed.',
  },
  certificate_revoked: {
    status: 403,
    code: 4402,
    text: 'the client certificate is revoked',
    retry: 'never',
    meaning: 'The certificate is on the revocation list or on the deny list.',
  },
  policy_denied: {
    status: 403,
    code: 4403,
    text: 'the policy does not allow this',
    retry: 'never',
    meaning: 'No rule of the policy lets this identity sit at this meetup, or a reload took the right away.',
  },
  blocked: {
    status: 403,
    code: 4411,
    text: 'blocked by an operator',
    retry: 'later',
    meaning: 'An operator keeps this peer out for a time.',
  },

  // Several replicas
  unplaced: {
    status: 503,
    code: 1012,
    text: 'cannot tell which replica serves this meetup',
    retry: 'now',
    retryAfter: 1,
    meaning: 'The replicas cannot agree at present who serves the meetup, so this one seats or pairs nobody there.',
  },
  misdirected: {
    status: 421,
    text: 'this replica does not serve the meetup',
    retry: 'now',
    meaning: 'One replica handed a peer on to another, which does not serve the meetup; no peer is told this.',
  },
  deposed: {
    code: 1012,
    text: 'another replica serves this meetup now',
    retry: 'now',
    meaning: 'The replica was thought dead, because it stood still or was cut off, and another took over the meetup.',
  },

  // Room for one more
  meetup_full: {
    status: 409,
    code: 4409,
    text: 'two live peers already meet here',
    retry: 'later',
    retryAfter: 20,
    meaning: 'Both seats of the meetup are held by peers that answered a probe.',
  },
  role_taken: {
    status: 409,
    code: 4412,
    text: 'the seat of this role is taken',
    retry: 'later',
    retryAfter: 20,
    meaning: 'The live peer at the meetup has the role that the policy gives the newcomer.',
  },
  server_full: {
    status: 503,
    text: 'the proxy has no room for another connection',
    retry: 'later',
    retryAfter: 10,
    meaning: 'The limit of connections is reached.',
  },
  meetups_full: {
    status: 503,
    code: 4503,
    text: 'the proxy has no room for another meetup',
    retry: 'later',
    retryAfter: 10,
    meaning: 'The limit of meetups is reached, or what is left of it is kept for certificates that opened few.',
  },
  identity_full: {
    status: 429,
    text: 'this identity has too many connections',
    retry: 'later',
    retryAfter: 20,
    meaning:
      'The limit of connections for one identity is reached, or what is left of all is kept for identities that hold few.',
  },
  connect_rate: {
    status: 429,
    text: 'this identity connects too often',
    retry: 'later',
    retryAfter: 5,
    meaning: 'The limit of new connections a second for one identity is reached.',
  },
  greeting_full: {
    status: 429,
    text: 'this identity has too many connections without a HELLO',
    retry: 'later',
    retryAfter: 5,
    meaning: 'The limit of connections of one identity that have not sent their HELLO is reached.',
  },
  overload: {
    status: 503,
    code: 4513,
    text: 'the proxy sheds load',
    retry: 'later',
    retryAfter: 10,
    meaning:
      'The bytes held for all peers near the budget; who holds most, of the certificate that holds most, is shed first.',
  },
  unavailable: {
    status: 503,
    text: 'the rendezvous service does not answer',
    retry: 'later',
    retryAfter: 5,
    meaning: 'The edge runs and could not reach the service behind it: it restarts, or it died.',
  },
  draining: {
    status: 503,
    code: 1012,
    text: 'the proxy is restarting',
    retry: 'later',
    retryAfter: 5,
    meaning: 'This replica drains: it takes no new sessions and closes the old ones in batches.',
  },

  // Before a pair is complete
  hello_timeout: {
    code: 4408,
    text: 'no CONN:HELLO in time',
    retry: 'now',
    meaning: 'The first message did not come within the deadline.',
  },
  hello_invalid: {
    code: 4400,
    text: 'the first message is not a valid CONN:HELLO',
    retry: 'never',
    meaning: 'The first message is not JSON, not a CONN:HELLO, too large, or lacks a field.',
  },
  impatient: {
    code: 4425,
    text: 'message sent before the pair was complete',
    retry: 'now',
    meaning: 'A waiting peer sent a message, which has nowhere to go.',
  },
  lonely: {
    code: 4404,
    text: 'no other peer came in time',
    retry: 'later',
    meaning: 'A waiting peer was alone for longer than the limit.',
  },

  // Life of a connection
  peer_disconnected: {
    code: 1002,
    text: 'the peer websocket disconnected',
    retry: 'now',
    meaning: 'The other peer of the pair went.',
  },
  ping_timeout: {
    code: 1002,
    text: 'Ping timed out ({detail})',
    retry: 'now',
    meaning: 'No pong came within the time allowed.',
  },
  probe_timeout: {
    code: 1002,
    text: 'Probe timed out ({detail})',
    retry: 'now',
    meaning: 'A newcomer contested the seat and the sitting peer did not answer the probe.',
  },
  slow_peer: {
    code: 4430,
    text: 'too slow: the backlog did not shrink',
    retry: 'now',
    meaning:
      'The peer took none of the bytes waiting for it for longer than the stall time, or was silent besides for that of a pong.',
  },
  message_too_big: {
    code: 1009,
    text: 'the message is over the limit',
    retry: 'never',
    meaning: 'A message is larger than the limit of bytes.',
  },
  protocol_error: {
    code: 1002,
    text: 'websocket protocol error',
    retry: 'never',
    meaning: 'The peer broke RFC 6455.',
  },
  invalid_utf8: {
    code: 1007,
    text: 'a text message is not valid UTF-8',
    retry: 'never',
    meaning: 'A text message, or the reason of a close frame, is not valid UTF-8.',
  },
  too_many_fragments: {
    code: 1008,
    text: 'the message has too many fragments',
    retry: 'never',
    meaning: 'A message came in more fragments, or in more pieces, than the limit.',
  },
  ping_flood: {
    code: 1008,
    text: 'too many pings at once',
    retry: 'later',
    meaning: 'More pings came at once than pongs may wait; the connection is cut without a close frame.',
  },
  message_timeout: {
    code: 4431,
    text: 'the message did not end in time',
    retry: 'later',
    meaning: 'A message was on its way for longer than the limit, while the peer was read.',
  },
  message_rate: {
    code: 4429,
    text: 'too many messages or bytes',
    retry: 'later',
    meaning: 'The peer stayed above the rate that its policy allows.',
  },
  kicked: {
    code: 4410,
    text: 'kicked by an operator',
    retry: 'later',
    meaning: 'An operator ended the session or this peer’s connection.',
  },

  // Ends that the peer or this service chooses
  closed_by_peer: {
    code: 1000,
    text: 'closed by the peer',
    retry: 'now',
    meaning: 'The peer itself closed the connection.',
  },
  connection_lost: {
    code: 1006,
    text: 'the connection broke off',
    retry: 'now',
    meaning: 'The connection ended without a close frame.',
  },
  internal_error: {
    status: 500,
    text: 'internal error',
    retry: 'later',
    meaning: 'A fault in the proxy; the log has the reason.',
  },
} as const satisfies Record<string, EndingRow>;

type Table = typeof endings;
/** The word for one way to be refused or to end. */
export type Label = keyof Table;
/** Labels that can refuse an upgrade. */
export type RefusalLabel = { [L in Label]: Table[L] extends { status: number } ? L : never }[Label];
/** Labels that can end a connection; no close frame carries `connection_lost` (RFC 6455 §7.4.1 keeps 1006 off the wire). */
export type EndingLabel = { [L in Label]: Table[L] extends { code: number } ? L : never }[Label];

/** The end of a connection as its close frame tells it: code and reason (at most 123 bytes of UTF-8). */
export interface Ending {
  readonly label: EndingLabel;
  readonly code: number;
  readonly text: string;
}

/** The refusal of an upgrade as its response tells it. */
export interface Refusal {
  readonly label: RefusalLabel;
  readonly status: number;
  readonly text: string;
  readonly retry: Retry;
  /** Seconds for `Retry-After`; absent where waiting does not help. */
  readonly retryAfter?: number;
}

/** Bound of a close reason, in bytes: a control frame holds 125 bytes, and the code takes two of them (RFC 6455 §5.5). */
export const MAX_REASON_BYTES = 123;

/** Makes the ending with this label; `detail` completes the text. */
export function ending(label: EndingLabel, detail?: string): Ending {
  const row = endings[label];
  return { label, code: row.code, text: cut(complete(row.text, detail), MAX_REASON_BYTES) };
}

/** Makes the refusal with this label; `detail` completes the text, `retryAfter` (seconds) replaces the seconds of the table. */
export function refusal(label: RefusalLabel, detail?: string, retryAfter?: number): Refusal {
  const row: EndingRow & { status: number } = endings[label];
  const seconds = retryAfter ?? row.retryAfter;
  const told = { label, status: row.status, text: complete(row.text, detail), retry: row.retry };
  return seconds === undefined ? told : { ...told, retryAfter: seconds };
}

function complete(text: string, detail: string | undefined): string {
  if (detail === undefined) return text.replace(' ({detail})', '');
  return text.includes('{detail}') ? text.replace('{detail}', () => detail) : `${text}: ${detail}`;
}

/** Cuts a text at the border of a character, never inside its UTF-8. */
function cut(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((all[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return all.toString('utf8', 0, end);
}
