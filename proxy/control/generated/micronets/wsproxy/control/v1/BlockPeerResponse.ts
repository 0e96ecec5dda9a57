// Original file: proto/micronets/wsproxy/control/v1/block.proto

import type { Block as _micronets_wsproxy_control_v1_Block, Block__Output as _micronets_wsproxy_control_v1_Block__Output } from '../../../../micronets/wsproxy/control/v1/Block.js';

/**
 * The block.
 */
export interface BlockPeerResponse {
  /**
   * New, or the one with the same selectors with its new end and reason.
   */
  'block'?: (_micronets_wsproxy_control_v1_Block | null);
  /**
   * Live connections that matched and were ended, on all replicas together.
   */
  'ended_connections'?: (number);
  /**
   * Names of the replicas that did not say within 2 s that the block is in force there. It comes into force there once they read the store
   * again; until then they may not keep out whom it names. At most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The block.
 */
export interface BlockPeerResponse__Output {
  /**
   * New, or the one with the same selectors with its new end and reason.
   */
  'block': (_micronets_wsproxy_control_v1_Block__Output | null);
  /**
   * Live connections that matched and were ended, on all replicas together.
   */
  'ended_connections': (number);
  /**
   * Names of the replicas that did not say within 2 s that the block is in force there. It comes into force there once they read the store
   * again; until then they may not keep out whom it names. At most 256.
   */
  'unreachable_replicas': (string)[];
}
