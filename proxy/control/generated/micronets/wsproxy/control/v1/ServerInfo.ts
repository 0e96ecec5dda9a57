// Original file: proto/micronets/wsproxy/control/v1/server.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { DrainState as _micronets_wsproxy_control_v1_DrainState, DrainState__Output as _micronets_wsproxy_control_v1_DrainState__Output } from '../../../../micronets/wsproxy/control/v1/DrainState.js';
import type { PolicyInfo as _micronets_wsproxy_control_v1_PolicyInfo, PolicyInfo__Output as _micronets_wsproxy_control_v1_PolicyInfo__Output } from '../../../../micronets/wsproxy/control/v1/PolicyInfo.js';
import type { MeetupLogLevel as _micronets_wsproxy_control_v1_MeetupLogLevel, MeetupLogLevel__Output as _micronets_wsproxy_control_v1_MeetupLogLevel__Output } from '../../../../micronets/wsproxy/control/v1/MeetupLogLevel.js';

/**
 * One replica.
 */
export interface ServerInfo {
  /**
   * Name of the replica.
   */
  'replica'?: (string);
  /**
   * Version of the product.
   */
  'version'?: (string);
  /**
   * Version of Node.js.
   */
  'node_version'?: (string);
  /**
   * When the process started to serve.
   */
  'start_time'?: (_google_protobuf_Timestamp | null);
  /**
   * Whether it takes newcomers.
   */
  'drain_state'?: (_micronets_wsproxy_control_v1_DrainState);
  /**
   * Connections, whatever their stage.
   */
  'connections'?: (number);
  /**
   * Connections that owe their HELLO.
   */
  'greeting_connections'?: (number);
  /**
   * Sessions with one peer.
   */
  'waiting_sessions'?: (number);
  /**
   * Sessions with two.
   */
  'paired_sessions'?: (number);
  /**
   * Most sessions at one time.
   */
  'max_sessions'?: (number);
  /**
   * Blocks in force.
   */
  'blocks'?: (number);
  /**
   * WatchSessions streams that are open.
   */
  'watchers'?: (number);
  /**
   * TapSession streams that are open.
   */
  'taps'?: (number);
  /**
   * The policy in force.
   */
  'policy'?: (_micronets_wsproxy_control_v1_PolicyInfo | null);
  /**
   * Lowest level of log lines that are written: `trace`, `debug`, `info`, `warn`, `error` or `fatal`.
   */
  'log_level'?: (string);
  /**
   * Name of this run of the replica among the others; empty where it is alone. A new one is made at each start, and when the others declared it dead.
   */
  'incarnation'?: (string);
  /**
   * Why it takes no newcomers now, as its readiness probe says it; empty when it does.
   */
  'not_ready'?: (string);
  /**
   * Meetups that have a log level of their own for a time, that which ends first before the others.
   */
  'meetup_log_levels'?: (_micronets_wsproxy_control_v1_MeetupLogLevel)[];
}

/**
 * One replica.
 */
export interface ServerInfo__Output {
  /**
   * Name of the replica.
   */
  'replica': (string);
  /**
   * Version of the product.
   */
  'version': (string);
  /**
   * Version of Node.js.
   */
  'node_version': (string);
  /**
   * When the process started to serve.
   */
  'start_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * Whether it takes newcomers.
   */
  'drain_state': (_micronets_wsproxy_control_v1_DrainState__Output);
  /**
   * Connections, whatever their stage.
   */
  'connections': (number);
  /**
   * Connections that owe their HELLO.
   */
  'greeting_connections': (number);
  /**
   * Sessions with one peer.
   */
  'waiting_sessions': (number);
  /**
   * Sessions with two.
   */
  'paired_sessions': (number);
  /**
   * Most sessions at one time.
   */
  'max_sessions': (number);
  /**
   * Blocks in force.
   */
  'blocks': (number);
  /**
   * WatchSessions streams that are open.
   */
  'watchers': (number);
  /**
   * TapSession streams that are open.
   */
  'taps': (number);
  /**
   * The policy in force.
   */
  'policy': (_micronets_wsproxy_control_v1_PolicyInfo__Output | null);
  /**
   * Lowest level of log lines that are written: `trace`, `debug`, `info`, `warn`, `error` or `fatal`.
   */
  'log_level': (string);
  /**
   * Name of this run of the replica among the others; empty where it is alone. A new one is made at each start, and when the others declared it dead.
   */
  'incarnation': (string);
  /**
   * Why it takes no newcomers now, as its readiness probe says it; empty when it does.
   */
  'not_ready': (string);
  /**
   * Meetups that have a log level of their own for a time, that which ends first before the others.
   */
  'meetup_log_levels': (_micronets_wsproxy_control_v1_MeetupLogLevel__Output)[];
}
