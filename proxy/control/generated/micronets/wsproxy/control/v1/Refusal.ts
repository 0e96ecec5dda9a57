// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Someone who was refused, once or again and again.
 */
export interface Refusal {
  /**
   * Word of the table of endings, such as `policy_denied`, or `tls_handshake` where the edge ended the handshake.
   */
  'reason'?: (string);
  /**
   * HTTP status of the answer; 0 at the handshake.
   */
  'status_code'?: (number);
  /**
   * The reason in full, as it was the last time.
   */
  'detail'?: (string);
  /**
   * One sentence: what the reason means.
   */
  'meaning'?: (string);
  /**
   * Meetup that was asked for; empty where none was read, as at the handshake.
   */
  'meetup_id'?: (string);
  /**
   * Request target, cut; at the handshake the name of the server that was asked for.
   */
  'target'?: (string);
  /**
   * Subject of the certificate; empty when there was none.
   */
  'subject'?: (string);
  /**
   * SHA-256 of the certificate, 64 lower-case hex digits; empty when there was none.
   */
  'fingerprint'?: (string);
  /**
   * True when the certificate was verified. False at the handshake: what the client showed there, anybody may have written.
   */
  'verified'?: (boolean);
  /**
   * Address of the client, the last time; empty when unknown.
   */
  'remote_address'?: (string);
  /**
   * How often it happened.
   */
  'times'?: (number | string | Long);
  /**
   * The first time of these.
   */
  'first_time'?: (_google_protobuf_Timestamp | null);
  /**
   * The last time.
   */
  'last_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Name of the replica that refused, or that the edge told.
   */
  'replica'?: (string);
}

/**
 * Someone who was refused, once or again and again.
 */
export interface Refusal__Output {
  /**
   * Word of the table of endings, such as `policy_denied`, or `tls_handshake` where the edge ended the handshake.
   */
  'reason': (string);
  /**
   * HTTP status of the answer; 0 at the handshake.
   */
  'status_code': (number);
  /**
   * The reason in full, as it was the last time.
   */
  'detail': (string);
  /**
   * One sentence: what the reason means.
   */
  'meaning': (string);
  /**
   * Meetup that was asked for; empty where none was read, as at the handshake.
   */
  'meetup_id': (string);
  /**
   * Request target, cut; at the handshake the name of the server that was asked for.
   */
  'target': (string);
  /**
   * Subject of the certificate; empty when there was none.
   */
  'subject': (string);
  /**
   * SHA-256 of the certificate, 64 lower-case hex digits; empty when there was none.
   */
  'fingerprint': (string);
  /**
   * True when the certificate was verified. False at the handshake: what the client showed there, anybody may have written.
   */
  'verified': (boolean);
  /**
   * Address of the client, the last time; empty when unknown.
   */
  'remote_address': (string);
  /**
   * How often it happened.
   */
  'times': (string);
  /**
   * The first time of these.
   */
  'first_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * The last time.
   */
  'last_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Name of the replica that refused, or that the edge told.
   */
  'replica': (string);
}
