// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { MeetupLogLevel as _micronets_wsproxy_control_v1_MeetupLogLevel, MeetupLogLevel__Output as _micronets_wsproxy_control_v1_MeetupLogLevel__Output } from '../../../../micronets/wsproxy/control/v1/MeetupLogLevel.js';

/**
 * The level was set, or ended. RESOURCE_EXHAUSTED, reason LOG_LEVELS_FULL, where 64 meetups have one.
 */
export interface SetMeetupLogLevelResponse {
  /**
   * What is in force now; absent when none is.
   */
  'meetup_log_level'?: (_micronets_wsproxy_control_v1_MeetupLogLevel | null);
  /**
   * Names of the replicas that did not answer within 5 s, or did not do it: the level there may be as it was. At most 256.
   */
  'unreachable_replicas'?: (string)[];
}

/**
 * The level was set, or ended. RESOURCE_EXHAUSTED, reason LOG_LEVELS_FULL, where 64 meetups have one.
 */
export interface SetMeetupLogLevelResponse__Output {
  /**
   * What is in force now; absent when none is.
   */
  'meetup_log_level': (_micronets_wsproxy_control_v1_MeetupLogLevel__Output | null);
  /**
   * Names of the replicas that did not answer within 5 s, or did not do it: the level there may be as it was. At most 256.
   */
  'unreachable_replicas': (string)[];
}
