// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How often connections ended for one reason.
 */
export interface EndingCount {
  /**
   * The word of the reason.
   */
  'label'?: (string);
  /**
   * One sentence: what it means.
   */
  'meaning'?: (string);
  /**
   * How often.
   */
  'count'?: (number | string | Long);
}

/**
 * How often connections ended for one reason.
 */
export interface EndingCount__Output {
  /**
   * The word of the reason.
   */
  'label': (string);
  /**
   * One sentence: what it means.
   */
  'meaning': (string);
  /**
   * How often.
   */
  'count': (string);
}
