import { endings, type Label, type Retry } from '../wire/close.js';

/** Advice for labels where the table's word on retrying does not say enough. */
const ADVICE: Partial<Record<Label, string>> = {
  not_found: 'Correct the URL: the path prefix that the detail names, then the meetup id.',
  meetup_id_invalid: 'Correct the part of the URL after the prefix; the detail names what is wrong with it.',
  upgrade_required: 'Connect with a websocket client; this address serves nothing else.',
  origin_denied: 'If it is a program, leave the header out or name its Origin in --origins; a web page is no peer.',
  request_invalid: 'Look at what stands between the peer and the proxy: it changes or repeats headers.',
  identity_missing: 'Connect through Envoy’s port, with a client certificate.',
  identity_malformed:
    'Look at the edge: it must be the proxy’s own Envoy, which sets the identity headers; no other proxy’s, and no mesh’s.',
  certificate_expired: 'Issue the peer a new certificate: ws-proxy certs issue.',
  certificate_revoked: 'If this is not meant, issue the peer a new certificate; a revoked one stays so.',
  policy_denied: 'If this is not meant, ask why with ws-proxy explain, and change the policy file.',
  blocked: 'Wait until the block ends, or lift it with ws-proxy blocks.',
  unplaced: 'If it lasts, look at NATS, and at the way between the replicas; a peer comes back by itself.',
  misdirected: 'Nothing: the replica that handed the peer on looks for the right one by itself.',
  deposed: 'Look at why the replica stood still, or was cut off from NATS; the peers come back by themselves.',
  meetup_full: 'Look at who sits there, in the list of sessions: a third peer has no seat.',
  role_taken: 'Look at who sits there, in the list of sessions: one of the two peers has the wrong role or meetup id.',
  server_full: 'Raise --max-connections, or add a replica.',
  meetups_full: 'Raise --max-sessions, or add a replica.',
  identity_full:
    'Raise the limit of connections in the policy’s rule or --max-connections-per-identity; the detail names the limit.',
  connect_rate: 'Make the peer wait between two attempts, or raise --connect-rate.',
  greeting_full: 'Make the peer send its CONN:HELLO as soon as it is connected.',
  hello_timeout: 'Make the peer send its CONN:HELLO as soon as it is connected.',
  hello_invalid: 'Correct the peer’s first message; the detail names what is wrong with it.',
  impatient: 'Make the peer wait for the other one’s CONN:HELLO before it sends anything.',
  ping_timeout: 'Look at the peer and at its line: it answered nothing; it comes back by itself.',
  slow_peer: 'Look at the peer: it reads more slowly than the other one sends.',
  message_timeout: 'Look at the peer and at its line: a message began and did not end; or raise --message-timeout.',
  message_too_big: 'Send smaller messages, or raise --max-message-bytes.',
  connection_lost: 'Look at the peer and at its line: it vanished without a goodbye; it comes back by itself.',
};

const RETRY: Readonly<Record<Retry, string>> = {
  now: 'Nothing: a peer comes back by itself.',
  later: 'Wait: a peer tries again by itself after a while.',
  never: 'A new attempt does not help until something has changed.',
};

/** Tells in one sentence each when the label is used and what to do about it. */
export function explained(label: Label): { readonly meaning: string; readonly advice: string } {
  const { meaning, retry } = endings[label];
  return { meaning, advice: ADVICE[label] ?? RETRY[retry] };
}
