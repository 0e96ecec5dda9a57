// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { SessionEventType as _micronets_wsproxy_control_v1_SessionEventType, SessionEventType__Output as _micronets_wsproxy_control_v1_SessionEventType__Output } from '../../../../micronets/wsproxy/control/v1/SessionEventType.js';
import type { Session as _micronets_wsproxy_control_v1_Session, Session__Output as _micronets_wsproxy_control_v1_Session__Output } from '../../../../micronets/wsproxy/control/v1/Session.js';

/**
 * One event. First an ADDED for each session that lives, then SNAPSHOT_DONE, then changes in the order in which they happened.
 * A watcher that does not keep up is ended with ABORTED (reason WATCHER_TOO_SLOW) and starts over; nothing is left out silently.
 */
export interface WatchSessionsResponse {
  /**
   * What happened.
   */
  'type'?: (_micronets_wsproxy_control_v1_SessionEventType);
  /**
   * The session as it was right after the event; absent in SNAPSHOT_DONE and HEARTBEAT. REMOVED of a finished session has its ending.
   */
  'session'?: (_micronets_wsproxy_control_v1_Session | null);
  /**
   * Where to go on after this event; absent before SNAPSHOT_DONE. Good on this process only, and for some thousand changes.
   */
  'resume_token'?: (string);
}

/**
 * One event. First an ADDED for each session that lives, then SNAPSHOT_DONE, then changes in the order in which they happened.
 * A watcher that does not keep up is ended with ABORTED (reason WATCHER_TOO_SLOW) and starts over; nothing is left out silently.
 */
export interface WatchSessionsResponse__Output {
  /**
   * What happened.
   */
  'type': (_micronets_wsproxy_control_v1_SessionEventType__Output);
  /**
   * The session as it was right after the event; absent in SNAPSHOT_DONE and HEARTBEAT. REMOVED of a finished session has its ending.
   */
  'session': (_micronets_wsproxy_control_v1_Session__Output | null);
  /**
   * Where to go on after this event; absent before SNAPSHOT_DONE. Good on this process only, and for some thousand changes.
   */
  'resume_token': (string);
}
