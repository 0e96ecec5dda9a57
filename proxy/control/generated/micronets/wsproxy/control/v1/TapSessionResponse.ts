// Original file: proto/micronets/wsproxy/control/v1/tap.proto

import type { TappedMessage as _micronets_wsproxy_control_v1_TappedMessage, TappedMessage__Output as _micronets_wsproxy_control_v1_TappedMessage__Output } from '../../../../micronets/wsproxy/control/v1/TappedMessage.js';
import type { Ending as _micronets_wsproxy_control_v1_Ending, Ending__Output as _micronets_wsproxy_control_v1_Ending__Output } from '../../../../micronets/wsproxy/control/v1/Ending.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One relayed message. What a tap cannot take is left out and counted, never waited for: at most 200 messages a second, 256
 * messages or 1 MiB queued.
 */
export interface TapSessionResponse {
  /**
   * The message; absent in the last response when messages after the last one shown were left out, and in the empty response that is
   * sent every 10 s.
   */
  'message'?: (_micronets_wsproxy_control_v1_TappedMessage | null);
  /**
   * Messages left out since the response before this one.
   */
  'skipped'?: (number | string | Long);
  /**
   * How the session ended; in the last response only, and absent where the tap ends for another reason.
   */
  'ending'?: (_micronets_wsproxy_control_v1_Ending | null);
}

/**
 * One relayed message. What a tap cannot take is left out and counted, never waited for: at most 200 messages a second, 256
 * messages or 1 MiB queued.
 */
export interface TapSessionResponse__Output {
  /**
   * The message; absent in the last response when messages after the last one shown were left out, and in the empty response that is
   * sent every 10 s.
   */
  'message': (_micronets_wsproxy_control_v1_TappedMessage__Output | null);
  /**
   * Messages left out since the response before this one.
   */
  'skipped': (string);
  /**
   * How the session ended; in the last response only, and absent where the tap ends for another reason.
   */
  'ending': (_micronets_wsproxy_control_v1_Ending__Output | null);
}
