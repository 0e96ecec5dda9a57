// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

import type { SessionEventType as _micronets_wsproxy_control_v1_SessionEventType, SessionEventType__Output as _micronets_wsproxy_control_v1_SessionEventType__Output } from '../../../../micronets/wsproxy/control/v1/SessionEventType.js';
import type { Session as _micronets_wsproxy_control_v1_Session, Session__Output as _micronets_wsproxy_control_v1_Session__Output } from '../../../../micronets/wsproxy/control/v1/Session.js';

/**
 * One event. First an ADDED for each session that lives, then SNAPSHOT_DONE, then changes in the order in which they happened.
 * A watcher that does not keep up is ended with ABORTED (reason WATCHER_TOO_SLOW) and starts over; nothing is left out silently.
 * In a fleet this order holds for the events of each replica, and SNAPSHOT_DONE comes once all that answer have sent what lives there: changes of
 * one replica may come before it. A replica that comes later sends an ADDED for each of its sessions and then REPLICA_JOINED.
 */
export interface WatchSessionsResponse {
  /**
   * What happened.
   */
  'type'?: (_micronets_wsproxy_control_v1_SessionEventType);
  /**
   * The session as it was right after the event; in ADDED, CHANGED and REMOVED only. REMOVED of a finished session has its ending.
   */
  'session'?: (_micronets_wsproxy_control_v1_Session | null);
  /**
   * Where to go on after this event; absent before SNAPSHOT_DONE. Good on each replica of the fleet, and for some thousand changes; a process
   * that ends takes its part of it along.
   */
  'resume_token'?: (string);
  /**
   * Name of the replica that was lost or has joined; in REPLICA_LOST and REPLICA_JOINED only.
   */
  'replica'?: (string);
}

/**
 * One event. First an ADDED for each session that lives, then SNAPSHOT_DONE, then changes in the order in which they happened.
 * A watcher that does not keep up is ended with ABORTED (reason WATCHER_TOO_SLOW) and starts over; nothing is left out silently.
 * In a fleet this order holds for the events of each replica, and SNAPSHOT_DONE comes once all that answer have sent what lives there: changes of
 * one replica may come before it. A replica that comes later sends an ADDED for each of its sessions and then REPLICA_JOINED.
 */
export interface WatchSessionsResponse__Output {
  /**
   * What happened.
   */
  'type': (_micronets_wsproxy_control_v1_SessionEventType__Output);
  /**
   * The session as it was right after the event; in ADDED, CHANGED and REMOVED only. REMOVED of a finished session has its ending.
   */
  'session': (_micronets_wsproxy_control_v1_Session__Output | null);
  /**
   * Where to go on after this event; absent before SNAPSHOT_DONE. Good on each replica of the fleet, and for some thousand changes; a process
   * that ends takes its part of it along.
   */
  'resume_token': (string);
  /**
   * Name of the replica that was lost or has joined; in REPLICA_LOST and REPLICA_JOINED only.
   */
  'replica': (string);
}
