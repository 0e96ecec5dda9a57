// Original file: proto/micronets/wsproxy/control/v1/block.proto

import type { Block as _micronets_wsproxy_control_v1_Block, Block__Output as _micronets_wsproxy_control_v1_Block__Output } from '../../../../micronets/wsproxy/control/v1/Block.js';

/**
 * The block was lifted.
 */
export interface UnblockPeerResponse {
  /**
   * As it was.
   */
  'block'?: (_micronets_wsproxy_control_v1_Block | null);
  /**
   * Names of the replicas that did not say within 2 s that the block is lifted there; it is once they read the store again. At most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The block was lifted.
 */
export interface UnblockPeerResponse__Output {
  /**
   * As it was.
   */
  'block': (_micronets_wsproxy_control_v1_Block__Output | null);
  /**
   * Names of the replicas that did not say within 2 s that the block is lifted there; it is once they read the store again. At most 256.
   */
  'unreachable_replicas': (string)[];
}
