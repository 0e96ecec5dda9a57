// Original file: proto/micronets/wsproxy/control/v1/block.proto


/**
 * Which blocks to list.
 */
export interface ListBlocksRequest {
  /**
   * Most blocks in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'page_size'?: (number);
  /**
   * `next_page_token` of the page before; empty for the first.
   */
  'page_token'?: (string);
}

/**
 * Which blocks to list.
 */
export interface ListBlocksRequest__Output {
  /**
   * Most blocks in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'page_size': (number);
  /**
   * `next_page_token` of the page before; empty for the first.
   */
  'page_token': (string);
}
