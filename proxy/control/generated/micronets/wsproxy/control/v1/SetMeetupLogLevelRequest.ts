// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * Asks for more or fewer log lines about one meetup, for a time.
 */
export interface SetMeetupLogLevelRequest {
  /**
   * Meetup id. It need not be in use.
   */
  'meetup_id'?: (string);
  /**
   * `trace`, `debug`, `info`, `warn`, `error` or `fatal`; empty to end a level before its time.
   */
  'level'?: (string);
  /**
   * For how long: from 1 s to 24 h, 10 min where it is absent. A meetup that has a level gets this one in its place.
   */
  'duration'?: (_google_protobuf_Duration | null);
}

/**
 * Asks for more or fewer log lines about one meetup, for a time.
 */
export interface SetMeetupLogLevelRequest__Output {
  /**
   * Meetup id. It need not be in use.
   */
  'meetup_id': (string);
  /**
   * `trace`, `debug`, `info`, `warn`, `error` or `fatal`; empty to end a level before its time.
   */
  'level': (string);
  /**
   * For how long: from 1 s to 24 h, 10 min where it is absent. A meetup that has a level gets this one in its place.
   */
  'duration': (_google_protobuf_Duration__Output | null);
}
