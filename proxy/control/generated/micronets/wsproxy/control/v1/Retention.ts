// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How much of something is kept.
 */
export interface Retention {
  /**
   * How often it happened since the memory began.
   */
  'seen'?: (number | string | Long);
  /**
   * Records of it that are kept; refusals that are alike share one.
   */
  'kept'?: (number | string | Long);
}

/**
 * How much of something is kept.
 */
export interface Retention__Output {
  /**
   * How often it happened since the memory began.
   */
  'seen': (string);
  /**
   * Records of it that are kept; refusals that are alike share one.
   */
  'kept': (string);
}
