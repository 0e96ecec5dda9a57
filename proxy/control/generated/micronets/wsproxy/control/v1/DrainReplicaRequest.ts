// Original file: proto/micronets/wsproxy/control/v1/drain.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * How to drain. What is absent, the replica's configuration decides. Draining cannot be undone; the first plan stands.
 */
export interface DrainReplicaRequest {
  /**
   * Name of the replica, any of the fleet; empty for the one that answers.
   */
  'replica'?: (string);
  /**
   * Time after which busy sessions are closed too, 0 s to 1 hour.
   */
  'deadline'?: (_google_protobuf_Duration | null);
  /**
   * Sessions closed in one batch, 1 to 10000; 0 for the configured number.
   */
  'batch_size'?: (number);
  /**
   * Time between two batches, 10 ms to 60 s.
   */
  'batch_interval'?: (_google_protobuf_Duration | null);
  /**
   * Peers are told to come back after a random time of up to this, 0 s to 10 minutes.
   */
  'retry_spread'?: (_google_protobuf_Duration | null);
}

/**
 * How to drain. What is absent, the replica's configuration decides. Draining cannot be undone; the first plan stands.
 */
export interface DrainReplicaRequest__Output {
  /**
   * Name of the replica, any of the fleet; empty for the one that answers.
   */
  'replica': (string);
  /**
   * Time after which busy sessions are closed too, 0 s to 1 hour.
   */
  'deadline': (_google_protobuf_Duration__Output | null);
  /**
   * Sessions closed in one batch, 1 to 10000; 0 for the configured number.
   */
  'batch_size': (number);
  /**
   * Time between two batches, 10 ms to 60 s.
   */
  'batch_interval': (_google_protobuf_Duration__Output | null);
  /**
   * Peers are told to come back after a random time of up to this, 0 s to 10 minutes.
   */
  'retry_spread': (_google_protobuf_Duration__Output | null);
}
