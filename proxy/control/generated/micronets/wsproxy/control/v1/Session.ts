// Original file: proto/micronets/wsproxy/control/v1/session.proto

import type { SessionState as _micronets_wsproxy_control_v1_SessionState, SessionState__Output as _micronets_wsproxy_control_v1_SessionState__Output } from '../../../../micronets/wsproxy/control/v1/SessionState.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Ending as _micronets_wsproxy_control_v1_Ending, Ending__Output as _micronets_wsproxy_control_v1_Ending__Output } from '../../../../micronets/wsproxy/control/v1/Ending.js';
import type { Peer as _micronets_wsproxy_control_v1_Peer, Peer__Output as _micronets_wsproxy_control_v1_Peer__Output } from '../../../../micronets/wsproxy/control/v1/Peer.js';
import type { InvocationStatistics as _micronets_wsproxy_control_v1_InvocationStatistics, InvocationStatistics__Output as _micronets_wsproxy_control_v1_InvocationStatistics__Output } from '../../../../micronets/wsproxy/control/v1/InvocationStatistics.js';
import type { Reconnects as _micronets_wsproxy_control_v1_Reconnects, Reconnects__Output as _micronets_wsproxy_control_v1_Reconnects__Output } from '../../../../micronets/wsproxy/control/v1/Reconnects.js';

/**
 * One life of a meetup. Two sessions of the same meetup id are two resources with two uids.
 */
export interface Session {
  /**
   * Resource name, `sessions/{uid}`.
   */
  'name'?: (string);
  /**
   * UUID that the replica gave the session; no two replicas give the same.
   */
  'uid'?: (string);
  /**
   * Where the peers meet: the request path below the service's path prefix, query string included. At most 512 bytes.
   */
  'meetup_id'?: (string);
  /**
   * Where the session stands.
   */
  'state'?: (_micronets_wsproxy_control_v1_SessionState);
  /**
   * When the first peer was seated, by the clock of its replica. Sessions of one replica differ in it, be it by microseconds.
   */
  'create_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When the pair was complete; absent while a peer waits.
   */
  'pair_time'?: (_google_protobuf_Timestamp | null);
  /**
   * How the session ended; present in state FINISHED only.
   */
  'ending'?: (_micronets_wsproxy_control_v1_Ending | null);
  /**
   * The one or two peers that sit, or sat; the one that came first is first.
   */
  'peers'?: (_micronets_wsproxy_control_v1_Peer)[];
  /**
   * REST invocations over this session.
   */
  'invocations'?: (_micronets_wsproxy_control_v1_InvocationStatistics | null);
  /**
   * Name of the replica that serves the session.
   */
  'replica'?: (string);
  /**
   * How often the peers of this meetup had to meet anew. In ListSessions and GetSession; absent elsewhere, and where nothing is remembered.
   */
  'reconnects'?: (_micronets_wsproxy_control_v1_Reconnects | null);
}

/**
 * One life of a meetup. Two sessions of the same meetup id are two resources with two uids.
 */
export interface Session__Output {
  /**
   * Resource name, `sessions/{uid}`.
   */
  'name': (string);
  /**
   * UUID that the replica gave the session; no two replicas give the same.
   */
  'uid': (string);
  /**
   * Where the peers meet: the request path below the service's path prefix, query string included. At most 512 bytes.
   */
  'meetup_id': (string);
  /**
   * Where the session stands.
   */
  'state': (_micronets_wsproxy_control_v1_SessionState__Output);
  /**
   * When the first peer was seated, by the clock of its replica. Sessions of one replica differ in it, be it by microseconds.
   */
  'create_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When the pair was complete; absent while a peer waits.
   */
  'pair_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * How the session ended; present in state FINISHED only.
   */
  'ending': (_micronets_wsproxy_control_v1_Ending__Output | null);
  /**
   * The one or two peers that sit, or sat; the one that came first is first.
   */
  'peers': (_micronets_wsproxy_control_v1_Peer__Output)[];
  /**
   * REST invocations over this session.
   */
  'invocations': (_micronets_wsproxy_control_v1_InvocationStatistics__Output | null);
  /**
   * Name of the replica that serves the session.
   */
  'replica': (string);
  /**
   * How often the peers of this meetup had to meet anew. In ListSessions and GetSession; absent elsewhere, and where nothing is remembered.
   */
  'reconnects': (_micronets_wsproxy_control_v1_Reconnects__Output | null);
}
