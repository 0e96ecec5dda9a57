import type { SessionFigures } from '../../session/views/overview.js';
import type { PeerView, SessionView } from '../../session/views/view.js';

/** A field of the filter language. A field of peers has a value for each peer, and a condition holds when it holds for any peer. */
export type Field =
  | { readonly t: 'text'; readonly of: (view: SessionView, replica: string) => readonly string[] }
  | {
      readonly t: 'word';
      readonly words: readonly string[];
      readonly of: (view: SessionView, replica: string) => readonly string[];
    }
  | { readonly t: 'time'; readonly of: (view: SessionView) => readonly number[] }
  | { readonly t: 'figure'; readonly unit: FigureUnit; readonly of: (figures: SessionFigures, age: number) => number };

/** What a figure counts: pieces, bytes, or milliseconds. */
export type FigureUnit = 'count' | 'bytes' | 'time';

function peers(value: (peer: PeerView) => string): Field {
  return { t: 'text', of: (view) => view.peers.map(value) };
}

/**
 * The fields that a filter can ask for. None but the figures changes while a session stays in one state: a watch stays true, and takes no
 * figures.
 */
export const FIELDS: Readonly<Record<string, Field>> = {
  uid: { t: 'text', of: (view) => [view.uid] },
  meetup_id: { t: 'text', of: (view) => [view.meetupId] },
  state: { t: 'word', words: ['WAITING', 'PAIRED'], of: (view) => [view.state.toUpperCase()] },
  replica: { t: 'text', of: (_view, replica) => [replica] },
  create_time: { t: 'time', of: (view) => [view.createdAt] },
  pair_time: { t: 'time', of: (view) => (view.pairedAt === undefined ? [] : [view.pairedAt]) },
  subject: peers((peer) => peer.identity.subject),
  issuer: peers((peer) => peer.identity.issuer),
  fingerprint: peers((peer) => peer.identity.fingerprint),
  serial: peers((peer) => peer.identity.serial),
  uri: { t: 'text', of: (view) => view.peers.flatMap((peer) => peer.identity.uris) },
  dns: { t: 'text', of: (view) => view.peers.flatMap((peer) => peer.identity.dns) },
  expire_time: { t: 'time', of: (view) => view.peers.map((peer) => peer.identity.notAfter * 1000) },
  peer_uid: peers((peer) => peer.uid),
  peer_class: peers((peer) => peer.peerClass),
  peer_id: peers((peer) => peer.peerId),
  role: {
    t: 'word',
    words: ['manager', 'gateway', 'any'],
    of: (view) => view.peers.map((peer) => peer.role),
  },
  rule: peers((peer) => peer.rule),
  remote_address: peers((peer) => peer.remote),
  request_id: peers((peer) => peer.requestId),
  connect_time: { t: 'time', of: (view) => view.peers.map((peer) => peer.connectedAt) },
  errors: { t: 'figure', unit: 'count', of: ({ errors }) => errors },
  in_flight: { t: 'figure', unit: 'count', of: ({ inFlight }) => inFlight },
  latency: { t: 'figure', unit: 'time', of: ({ latency }) => latency },
  backlog: { t: 'figure', unit: 'bytes', of: ({ backlog }) => backlog },
  age: { t: 'figure', unit: 'time', of: (_figures, age) => age },
};
