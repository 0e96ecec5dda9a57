// Original file: proto/micronets/wsproxy/control/v1/session.proto

import type { Identity as _micronets_wsproxy_control_v1_Identity, Identity__Output as _micronets_wsproxy_control_v1_Identity__Output } from '../../../../micronets/wsproxy/control/v1/Identity.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Counters as _micronets_wsproxy_control_v1_Counters, Counters__Output as _micronets_wsproxy_control_v1_Counters__Output } from '../../../../micronets/wsproxy/control/v1/Counters.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One connected client that sits in a session.
 */
export interface Peer {
  /**
   * UUID that the replica gave the connection; names the peer in KickSession.
   */
  'uid'?: (string);
  /**
   * Seat that the policy gave: `manager`, `gateway` or `any`.
   */
  'role'?: (string);
  /**
   * Name of the policy rule that admitted the peer.
   */
  'rule'?: (string);
  /**
   * Who the client certificate says it is.
   */
  'identity'?: (_micronets_wsproxy_control_v1_Identity | null);
  /**
   * `peerClass` of its CONN:HELLO: a claim, not identity.
   */
  'peer_class'?: (string);
  /**
   * `peerId` of its CONN:HELLO: a claim, not identity.
   */
  'peer_id'?: (string);
  /**
   * Address of the client as the edge saw it; empty when unknown.
   */
  'remote_address'?: (string);
  /**
   * When the connection was admitted.
   */
  'connect_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When it last answered a ping; absent before the first answer.
   */
  'last_pong_time'?: (_google_protobuf_Timestamp | null);
  /**
   * What the connection moved so far. In WatchSessions: up to the event.
   */
  'counters'?: (_micronets_wsproxy_control_v1_Counters | null);
  /**
   * Bytes that wait to be taken by this peer, at this moment.
   */
  'backlog_bytes'?: (number | string | Long);
  /**
   * True while this peer is not read: because the other one is slow, or until it has paid off the rate of its policy.
   */
  'held'?: (boolean);
  /**
   * `x-request-id` of the upgrade; joins the edge's access log. Empty when unknown.
   */
  'request_id'?: (string);
  /**
   * Incarnation of the replica on which the connection landed, where another one serves the session and was handed it; empty otherwise.
   */
  'via'?: (string);
}

/**
 * One connected client that sits in a session.
 */
export interface Peer__Output {
  /**
   * UUID that the replica gave the connection; names the peer in KickSession.
   */
  'uid': (string);
  /**
   * Seat that the policy gave: `manager`, `gateway` or `any`.
   */
  'role': (string);
  /**
   * Name of the policy rule that admitted the peer.
   */
  'rule': (string);
  /**
   * Who the client certificate says it is.
   */
  'identity': (_micronets_wsproxy_control_v1_Identity__Output | null);
  /**
   * `peerClass` of its CONN:HELLO: a claim, not identity.
   */
  'peer_class': (string);
  /**
   * `peerId` of its CONN:HELLO: a claim, not identity.
   */
  'peer_id': (string);
  /**
   * Address of the client as the edge saw it; empty when unknown.
   */
  'remote_address': (string);
  /**
   * When the connection was admitted.
   */
  'connect_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it last answered a ping; absent before the first answer.
   */
  'last_pong_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * What the connection moved so far. In WatchSessions: up to the event.
   */
  'counters': (_micronets_wsproxy_control_v1_Counters__Output | null);
  /**
   * Bytes that wait to be taken by this peer, at this moment.
   */
  'backlog_bytes': (string);
  /**
   * True while this peer is not read: because the other one is slow, or until it has paid off the rate of its policy.
   */
  'held': (boolean);
  /**
   * `x-request-id` of the upgrade; joins the edge's access log. Empty when unknown.
   */
  'request_id': (string);
  /**
   * Incarnation of the replica on which the connection landed, where another one serves the session and was handed it; empty otherwise.
   */
  'via': (string);
}
