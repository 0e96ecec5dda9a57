// Original file: proto/micronets/wsproxy/control/v1/block.proto

import type { Block as _micronets_wsproxy_control_v1_Block, Block__Output as _micronets_wsproxy_control_v1_Block__Output } from '../../../../micronets/wsproxy/control/v1/Block.js';

/**
 * One page of blocks, oldest first.
 */
export interface ListBlocksResponse {
  /**
   * Blocks that have not ended.
   */
  'blocks'?: (_micronets_wsproxy_control_v1_Block)[];
  /**
   * For the next page; empty when this is the last.
   */
  'next_page_token'?: (string);
  /**
   * Blocks in force now, on all pages together.
   */
  'total_size'?: (number);
}

/**
 * One page of blocks, oldest first.
 */
export interface ListBlocksResponse__Output {
  /**
   * Blocks that have not ended.
   */
  'blocks': (_micronets_wsproxy_control_v1_Block__Output)[];
  /**
   * For the next page; empty when this is the last.
   */
  'next_page_token': (string);
  /**
   * Blocks in force now, on all pages together.
   */
  'total_size': (number);
}
