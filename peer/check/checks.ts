/** What a peer is judged by, in the order of the table; the clauses are those of proto/PROTOCOL.md. */
export const checks = {
  hello: 'it comes within the time given, and its HELLO says what it is [HELLO-1, HELLO-2]',
  envelopes: 'every message is an envelope, or is binary [MSG-1]',
  ids: 'every message has an id, and no two of one connection the same [MSG-2]',
  requests: 'its own requests can be read [MSG-4, MSG-5]',
  answers: 'a request is answered, once and under its id, also where that is text [MSG-2, MSG-4]',
  at_once: 'several requests at once are all answered [MSG-4]',
  bodies: 'bodies are what their dataFormat says: base64, JSON or text; those sent to it do no harm [MSG-5]',
  passes_over: 'it passes over events, types and fields that it does not know, and binary messages [MSG-1, MSG-3]',
  stays: 'it answers the pings of the proxy: it is still there after a silence [LIVE-1, LIVE-2]',
  comes_back: 'after the other peer has gone it dials again, and all holds on the new connection [CLOSE-1]',
} as const satisfies Record<string, string>;

export type CheckId = keyof typeof checks;

/** The outcome of one check. */
export interface Verdict {
  readonly check: CheckId;
  /** `not_seen`: nothing came that could be judged. */
  readonly verdict: 'ok' | 'fault' | 'not_seen';
  /** One line for people. What the peer wrote is quoted in it. */
  readonly what: string;
}
