// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';

/**
 * The log level that one meetup has for a time.
 */
export interface MeetupLogLevel {
  /**
   * Meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Lowest level of its log lines that are written.
   */
  'level'?: (string);
  /**
   * When it ends by itself; the level is then that of all others.
   */
  'expire_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Subject of the certificate that set it; its fingerprint where it has none.
   */
  'creator'?: (string);
}

/**
 * The log level that one meetup has for a time.
 */
export interface MeetupLogLevel__Output {
  /**
   * Meetup id.
   */
  'meetup_id': (string);
  /**
   * Lowest level of its log lines that are written.
   */
  'level': (string);
  /**
   * When it ends by itself; the level is then that of all others.
   */
  'expire_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Subject of the certificate that set it; its fingerprint where it has none.
   */
  'creator': (string);
}
