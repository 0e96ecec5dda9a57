// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * Whom to disconnect.
 */
export interface KickSessionRequest {
  /**
   * `sessions/{uid}`.
   */
  'name'?: (string);
  /**
   * uid of the one peer to kick; empty for both. The other peer of the pair is told that its peer disconnected.
   */
  'peer_uid'?: (string);
  /**
   * Why: shown to the kicked peer in the close reason and written to the audit. 1 to 100 bytes, no control characters.
   */
  'reason'?: (string);
  /**
   * Keeps each kicked peer's certificate away from this meetup for that time, so that a reconnect does not undo the kick.
   * Absent: no block. At least 1 s, at most 30 days.
   */
  'block_duration'?: (_google_protobuf_Duration | null);
  /**
   * Makes a repeated call safe: within 10 minutes the same id with the same request gets the first answer and does nothing
   * (AIP-155). A UUID is advised; at most 64 characters of `A-Z a-z 0-9 . _ -`.
   */
  'request_id'?: (string);
}

/**
 * Whom to disconnect.
 */
export interface KickSessionRequest__Output {
  /**
   * `sessions/{uid}`.
   */
  'name': (string);
  /**
   * uid of the one peer to kick; empty for both. The other peer of the pair is told that its peer disconnected.
   */
  'peer_uid': (string);
  /**
   * Why: shown to the kicked peer in the close reason and written to the audit. 1 to 100 bytes, no control characters.
   */
  'reason': (string);
  /**
   * Keeps each kicked peer's certificate away from this meetup for that time, so that a reconnect does not undo the kick.
   * Absent: no block. At least 1 s, at most 30 days.
   */
  'block_duration': (_google_protobuf_Duration__Output | null);
  /**
   * Makes a repeated call safe: within 10 minutes the same id with the same request gets the first answer and does nothing
   * (AIP-155). A UUID is advised; at most 64 characters of `A-Z a-z 0-9 . _ -`.
   */
  'request_id': (string);
}
