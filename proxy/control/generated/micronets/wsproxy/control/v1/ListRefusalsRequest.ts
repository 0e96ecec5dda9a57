// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * Which refusals to list.
 */
export interface ListRefusalsRequest {
  /**
   * Those that happened in this time, the last of them counts; absent: all. At least 1 s.
   */
  'since'?: (_google_protobuf_Duration | null);
  /**
   * Beginning of the meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Part of the subject, whatever the case of its letters.
   */
  'subject'?: (string);
  /**
   * SHA-256 of the certificate.
   */
  'fingerprint'?: (string);
  /**
   * Most refusals in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'limit'?: (number);
}

/**
 * Which refusals to list.
 */
export interface ListRefusalsRequest__Output {
  /**
   * Those that happened in this time, the last of them counts; absent: all. At least 1 s.
   */
  'since': (_google_protobuf_Duration__Output | null);
  /**
   * Beginning of the meetup id.
   */
  'meetup_id': (string);
  /**
   * Part of the subject, whatever the case of its letters.
   */
  'subject': (string);
  /**
   * SHA-256 of the certificate.
   */
  'fingerprint': (string);
  /**
   * Most refusals in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'limit': (number);
}
