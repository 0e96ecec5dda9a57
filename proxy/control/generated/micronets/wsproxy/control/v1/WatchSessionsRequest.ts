// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * Which sessions to watch, and from when.
 */
export interface WatchSessionsRequest {
  /**
   * As in ListSessionsRequest, without the figures, which change without an event. A session that begins to match is ADDED, one that stops matching is REMOVED.
   */
  'filter'?: (string);
  /**
   * `resume_token` of the last event seen, from whichever replica, to go on after it without a snapshot; empty for a snapshot and what
   * follows. The filter must be the same. A replica that is alone refuses one that is too old, or of another process, with OUT_OF_RANGE: start
   * over without it. In a fleet such a replica is told as lost, and its sessions are sent anew. At most 49152 characters.
   */
  'resume_token'?: (string);
  /**
   * Time of silence after which a HEARTBEAT is sent; absent for 10 s, bounded to 1 s to 60 s.
   */
  'heartbeat_interval'?: (_google_protobuf_Duration | null);
}

/**
 * Which sessions to watch, and from when.
 */
export interface WatchSessionsRequest__Output {
  /**
   * As in ListSessionsRequest, without the figures, which change without an event. A session that begins to match is ADDED, one that stops matching is REMOVED.
   */
  'filter': (string);
  /**
   * `resume_token` of the last event seen, from whichever replica, to go on after it without a snapshot; empty for a snapshot and what
   * follows. The filter must be the same. A replica that is alone refuses one that is too old, or of another process, with OUT_OF_RANGE: start
   * over without it. In a fleet such a replica is told as lost, and its sessions are sent anew. At most 49152 characters.
   */
  'resume_token': (string);
  /**
   * Time of silence after which a HEARTBEAT is sent; absent for 10 s, bounded to 1 s to 60 s.
   */
  'heartbeat_interval': (_google_protobuf_Duration__Output | null);
}
