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
}

/**
 * The block was lifted.
 */
export interface UnblockPeerResponse__Output {
  /**
   * As it was.
   */
  'block': (_micronets_wsproxy_control_v1_Block__Output | null);
}
