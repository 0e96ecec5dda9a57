// Original file: proto/micronets/wsproxy/control/v1/session.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';

/**
 * A verified client certificate.
 */
export interface Identity {
  /**
   * SHA-256 of the DER certificate, 64 lower-case hex digits.
   */
  'fingerprint'?: (string);
  /**
   * Serial number, lower-case hex without leading zeros.
   */
  'serial'?: (string);
  /**
   * Subject as RFC 4514 text; empty when the certificate has none.
   */
  'subject'?: (string);
  /**
   * Issuer as RFC 4514 text.
   */
  'issuer'?: (string);
  /**
   * URI SANs.
   */
  'uris'?: (string)[];
  /**
   * DNS SANs.
   */
  'dns'?: (string)[];
  /**
   * End of validity; the connection ends then.
   */
  'expire_time'?: (_google_protobuf_Timestamp | null);
}

/**
 * A verified client certificate.
 */
export interface Identity__Output {
  /**
   * SHA-256 of the DER certificate, 64 lower-case hex digits.
   */
  'fingerprint': (string);
  /**
   * Serial number, lower-case hex without leading zeros.
   */
  'serial': (string);
  /**
   * Subject as RFC 4514 text; empty when the certificate has none.
   */
  'subject': (string);
  /**
   * Issuer as RFC 4514 text.
   */
  'issuer': (string);
  /**
   * URI SANs.
   */
  'uris': (string)[];
  /**
   * DNS SANs.
   */
  'dns': (string)[];
  /**
   * End of validity; the connection ends then.
   */
  'expire_time': (_google_protobuf_Timestamp__Output | null);
}
