// Original file: proto/micronets/wsproxy/control/v1/block.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';

/**
 * Keeps whoever matches every given selector out until a time, of every replica. A fleet keeps it in its store, where it outlives the replicas. A
 * replica that is alone holds it in memory: a restart forgets it. What must last belongs in the policy or the revocation list.
 */
export interface Block {
  /**
   * Resource name, `blocks/{uid}`.
   */
  'name'?: (string);
  /**
   * UUID of the block. In a fleet it is made of the selectors: the same selectors are the same block.
   */
  'uid'?: (string);
  /**
   * Selector: SHA-256 of the certificate, 64 lower-case hex digits; empty for any.
   */
  'fingerprint'?: (string);
  /**
   * Selector: the certificate's whole subject as RFC 4514 text; empty for any.
   */
  'subject'?: (string);
  /**
   * Selector: meetup id; empty for any.
   */
  'meetup_id'?: (string);
  /**
   * Why; told to the peer that is refused.
   */
  'reason'?: (string);
  /**
   * Subject of the operator's certificate, or its fingerprint when it has no subject.
   */
  'creator'?: (string);
  /**
   * When it was set.
   */
  'create_time'?: (_google_protobuf_Timestamp | null);
  /**
   * When it ends by itself.
   */
  'expire_time'?: (_google_protobuf_Timestamp | null);
}

/**
 * Keeps whoever matches every given selector out until a time, of every replica. A fleet keeps it in its store, where it outlives the replicas. A
 * replica that is alone holds it in memory: a restart forgets it. What must last belongs in the policy or the revocation list.
 */
export interface Block__Output {
  /**
   * Resource name, `blocks/{uid}`.
   */
  'name': (string);
  /**
   * UUID of the block. In a fleet it is made of the selectors: the same selectors are the same block.
   */
  'uid': (string);
  /**
   * Selector: SHA-256 of the certificate, 64 lower-case hex digits; empty for any.
   */
  'fingerprint': (string);
  /**
   * Selector: the certificate's whole subject as RFC 4514 text; empty for any.
   */
  'subject': (string);
  /**
   * Selector: meetup id; empty for any.
   */
  'meetup_id': (string);
  /**
   * Why; told to the peer that is refused.
   */
  'reason': (string);
  /**
   * Subject of the operator's certificate, or its fingerprint when it has no subject.
   */
  'creator': (string);
  /**
   * When it was set.
   */
  'create_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it ends by itself.
   */
  'expire_time': (_google_protobuf_Timestamp__Output | null);
}
