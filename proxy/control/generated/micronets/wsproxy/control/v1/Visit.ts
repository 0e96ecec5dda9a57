// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Ending as _micronets_wsproxy_control_v1_Ending, Ending__Output as _micronets_wsproxy_control_v1_Ending__Output } from '../../../../micronets/wsproxy/control/v1/Ending.js';

/**
 * One connection at a meetup.
 */
export interface Visit {
  /**
   * uid of the peer.
   */
  'peer_uid'?: (string);
  /**
   * Meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Name of the replica that served it.
   */
  'replica'?: (string);
  /**
   * Seat that the policy gave: `manager`, `gateway` or `any`.
   */
  'role'?: (string);
  /**
   * Name of the policy rule that admitted the peer.
   */
  'rule'?: (string);
  /**
   * Subject of its certificate as RFC 4514 text; empty when it has none.
   */
  'subject'?: (string);
  /**
   * SHA-256 of its certificate, 64 lower-case hex digits.
   */
  'fingerprint'?: (string);
  /**
   * Address of the client as the edge saw it; empty when unknown.
   */
  'remote_address'?: (string);
  /**
   * Incarnation of the replica on which the connection landed, where that is another one; empty otherwise.
   */
  'via'?: (string);
  /**
   * `peerClass` of its CONN:HELLO: a claim, not identity. Empty before it.
   */
  'peer_class'?: (string);
  /**
   * `peerId` of its CONN:HELLO: a claim, not identity. Empty before it.
   */
  'peer_id'?: (string);
  /**
   * uid of its session; empty before its CONN:HELLO.
   */
  'session_uid'?: (string);
  /**
   * When it was admitted.
   */
  'come_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When it met the other peer; absent when nobody came.
   */
  'meet_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When it went; absent while it is here.
   */
  'go_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Why it went; absent while it is here.
   */
  'ending'?: (_micronets_wsproxy_control_v1_Ending | null);
  /**
   * One sentence: what the ending means; empty while it is here.
   */
  'meaning'?: (string);
}

/**
 * One connection at a meetup.
 */
export interface Visit__Output {
  /**
   * uid of the peer.
   */
  'peer_uid': (string);
  /**
   * Meetup id.
   */
  'meetup_id': (string);
  /**
   * Name of the replica that served it.
   */
  'replica': (string);
  /**
   * Seat that the policy gave: `manager`, `gateway` or `any`.
   */
  'role': (string);
  /**
   * Name of the policy rule that admitted the peer.
   */
  'rule': (string);
  /**
   * Subject of its certificate as RFC 4514 text; empty when it has none.
   */
  'subject': (string);
  /**
   * SHA-256 of its certificate, 64 lower-case hex digits.
   */
  'fingerprint': (string);
  /**
   * Address of the client as the edge saw it; empty when unknown.
   */
  'remote_address': (string);
  /**
   * Incarnation of the replica on which the connection landed, where that is another one; empty otherwise.
   */
  'via': (string);
  /**
   * `peerClass` of its CONN:HELLO: a claim, not identity. Empty before it.
   */
  'peer_class': (string);
  /**
   * `peerId` of its CONN:HELLO: a claim, not identity. Empty before it.
   */
  'peer_id': (string);
  /**
   * uid of its session; empty before its CONN:HELLO.
   */
  'session_uid': (string);
  /**
   * When it was admitted.
   */
  'come_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it met the other peer; absent when nobody came.
   */
  'meet_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it went; absent while it is here.
   */
  'go_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Why it went; absent while it is here.
   */
  'ending': (_micronets_wsproxy_control_v1_Ending__Output | null);
  /**
   * One sentence: what the ending means; empty while it is here.
   */
  'meaning': (string);
}
