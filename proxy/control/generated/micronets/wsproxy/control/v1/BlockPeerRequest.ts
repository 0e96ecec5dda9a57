// Original file: proto/micronets/wsproxy/control/v1/block.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * Whom to keep out. At least one selector.
 */
export interface BlockPeerRequest {
  /**
   * SHA-256 of the certificate, 64 hex digits, colons allowed; empty for any.
   */
  'fingerprint'?: (string);
  /**
   * The certificate's whole subject as the session shows it; empty for any. At most 1024 bytes.
   */
  'subject'?: (string);
  /**
   * Meetup id; empty for any.
   */
  'meetup_id'?: (string);
  /**
   * How long: at least 1 s, at most 30 days. Required.
   */
  'duration'?: (_google_protobuf_Duration | null);
  /**
   * Why: shown to the peer and written to the audit. 1 to 100 bytes, no control characters.
   */
  'reason'?: (string);
  /**
   * As in KickSessionRequest.
   */
  'request_id'?: (string);
}

/**
 * Whom to keep out. At least one selector.
 */
export interface BlockPeerRequest__Output {
  /**
   * SHA-256 of the certificate, 64 hex digits, colons allowed; empty for any.
   */
  'fingerprint': (string);
  /**
   * The certificate's whole subject as the session shows it; empty for any. At most 1024 bytes.
   */
  'subject': (string);
  /**
   * Meetup id; empty for any.
   */
  'meetup_id': (string);
  /**
   * How long: at least 1 s, at most 30 days. Required.
   */
  'duration': (_google_protobuf_Duration__Output | null);
  /**
   * Why: shown to the peer and written to the audit. 1 to 100 bytes, no control characters.
   */
  'reason': (string);
  /**
   * As in KickSessionRequest.
   */
  'request_id': (string);
}
