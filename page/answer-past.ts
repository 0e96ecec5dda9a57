/** The part of the answer that tells what happened, as far as it is remembered. Units are those of `answer.ts`. */

/** Calls that ended, as far as they are kept. */
export interface CallList {
  /** The newest that fit, oldest first. */
  readonly items: readonly Invocation[];
  /** All that fit, and all that are kept. */
  readonly fitting: number;
  readonly kept: number;
  /** When the memory began; null where there is none. */
  readonly since: number | null;
}

/** Who was refused, and whose connection ended for a reason other than a peer's own wish; as far as it is remembered. */
export interface TroubleList {
  /** The newest that fit, newest first. */
  readonly items: readonly Trouble[];
  /** How often somebody who fits was refused, and connections that fit. */
  readonly refused: number;
  readonly ended: number;
  /** When the memory began; null where there is none. */
  readonly since: number | null;
  /** When Envoy told of a handshake last; null while it has told of none. */
  readonly toldByEdge: number | null;
}

/** One finished invocation, in short. */
export interface Invocation {
  readonly sequence: number;
  readonly start: number;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly outcome: string;
  /** Class of the failure; null when it did not fail. `answered_4xx` is the asker's own and nothing to be alarmed at. */
  readonly failure: 'not_answered' | 'answered_5xx' | 'answered_4xx' | null;
  /** In the proxy before the request left, then at the peer, then in the proxy until the response left. */
  readonly requestProxyMs: number;
  readonly peerMs: number;
  readonly responseProxyMs: number;
  readonly traceId: string;
  readonly meetupId: string;
}

/** All that is remembered of the newest call of one trace. */
export interface CallDetail {
  readonly invocation: Invocation;
  /** Further calls of the same trace, newest first. */
  readonly others: readonly Invocation[];
  /** One sentence on the outcome. */
  readonly meaning: string;
  /** The word of the close table where the session's end was the call's; else empty. */
  readonly ending: string;
  /** uid of the session. */
  readonly session: string;
  readonly requester: Party;
  readonly responder: Party;
  readonly query: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Trace id that the caller has, where peers are not trusted with it; else empty. */
  readonly claimedTraceId: string;
  readonly spanId: string;
  /** null for the root of a trace. */
  readonly parentSpanId: string | null;
  /** Whether the span was sampled, and so went to the exporter if there is one. */
  readonly isExported: boolean;
}

/** One side of a call. */
export interface Party {
  readonly role: string;
  /** From the verified certificate; empty where that is forgotten. */
  readonly subject: string;
}

/** Somebody who was refused, or a connection that was cut off or lost. */
export interface Trouble {
  readonly kind: 'refused' | 'ended';
  /** The last time, the first time, and how often. */
  readonly at: number;
  readonly first: number;
  readonly times: number;
  /** The word of the close table, or `tls_handshake` where Envoy ended the handshake. */
  readonly label: string;
  /** HTTP status of a refusal, close code of an ending; 0 at the handshake. */
  readonly code: number;
  readonly meaning: string;
  readonly advice: string;
  readonly detail: string;
  /** Empty where none was read. */
  readonly meetupId: string;
  /** Request target of a refusal; the name of the server at the handshake. */
  readonly target: string;
  /** From the certificate, or what the client claimed where it is not verified. */
  readonly subject: string;
  readonly isVerified: boolean;
  readonly fingerprint: string;
  readonly peerId: string;
  readonly remote: string;
}

/** What is remembered of one meetup; lists are newest first and bounded. */
export interface MeetupHistory {
  readonly meetupId: string;
  /** When the first of it happened. */
  readonly since: number;
  /** What is wrong, in words; most important first. */
  readonly findings: readonly string[];
  readonly present: readonly Visit[];
  readonly past: readonly Visit[];
  /** Connections that there ever were, kept or not, and pairs that were made. */
  readonly visits: number;
  readonly met: number;
  /** Connections that ended, by the word of the close table; most frequent first. */
  readonly endings: readonly { readonly label: string; readonly count: number }[];
  readonly refusals: readonly Trouble[];
  readonly calls: readonly Invocation[];
  readonly failedCalls: readonly Invocation[];
  /** Calls that are kept, of `totals.calls`. */
  readonly keptCalls: number;
  readonly totals: CallTotals;
}

/** Sums over all calls of a meetup, kept or not. Times are of those that were answered; null while none was. */
export interface CallTotals {
  readonly calls: number;
  readonly answered: number;
  readonly notAnswered: number;
  readonly answered5xx: number;
  readonly answered4xx: number;
  readonly meanProxyMs: number | null;
  readonly meanPeerMs: number | null;
  readonly mostProxyMs: number | null;
  readonly mostPeerMs: number | null;
}

/** One connection at a meetup. */
export interface Visit {
  readonly role: string;
  readonly subject: string;
  readonly peerId: string;
  readonly remote: string;
  readonly came: number;
  /** When its pair was complete; null where nobody came to meet it. */
  readonly met: number | null;
  /** null while it is here. */
  readonly went: number | null;
  readonly label: string | null;
  readonly meaning: string;
  readonly text: string;
}
