// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto

/**
 * Kinds of events.
 */
export const SessionEventType = {
  /**
   * Not used.
   */
  SESSION_EVENT_TYPE_UNSPECIFIED: 'SESSION_EVENT_TYPE_UNSPECIFIED',
  /**
   * A session that was there at the start, began, or began to match.
   */
  SESSION_EVENT_TYPE_ADDED: 'SESSION_EVENT_TYPE_ADDED',
  /**
   * A session changed: its pair is complete.
   */
  SESSION_EVENT_TYPE_CHANGED: 'SESSION_EVENT_TYPE_CHANGED',
  /**
   * A session finished, or stopped matching.
   */
  SESSION_EVENT_TYPE_REMOVED: 'SESSION_EVENT_TYPE_REMOVED',
  /**
   * Every session of the snapshot was sent.
   */
  SESSION_EVENT_TYPE_SNAPSHOT_DONE: 'SESSION_EVENT_TYPE_SNAPSHOT_DONE',
  /**
   * Nothing happened for a while; the stream lives.
   */
  SESSION_EVENT_TYPE_HEARTBEAT: 'SESSION_EVENT_TYPE_HEARTBEAT',
  /**
   * A replica has ended or does not answer: forget all sessions of this `replica`. What lives there, or comes to live there, is ADDED again.
   */
  SESSION_EVENT_TYPE_REPLICA_LOST: 'SESSION_EVENT_TYPE_REPLICA_LOST',
  /**
   * Every session of a replica that began to answer after SNAPSHOT_DONE was sent.
   */
  SESSION_EVENT_TYPE_REPLICA_JOINED: 'SESSION_EVENT_TYPE_REPLICA_JOINED',
} as const;

/**
 * Kinds of events.
 */
export type SessionEventType =
  /**
   * Not used.
   */
  | 'SESSION_EVENT_TYPE_UNSPECIFIED'
  | 0
  /**
   * A session that was there at the start, began, or began to match.
   */
  | 'SESSION_EVENT_TYPE_ADDED'
  | 1
  /**
   * A session changed: its pair is complete.
   */
  | 'SESSION_EVENT_TYPE_CHANGED'
  | 2
  /**
   * A session finished, or stopped matching.
   */
  | 'SESSION_EVENT_TYPE_REMOVED'
  | 3
  /**
   * Every session of the snapshot was sent.
   */
  | 'SESSION_EVENT_TYPE_SNAPSHOT_DONE'
  | 4
  /**
   * Nothing happened for a while; the stream lives.
   */
  | 'SESSION_EVENT_TYPE_HEARTBEAT'
  | 5
  /**
   * A replica has ended or does not answer: forget all sessions of this `replica`. What lives there, or comes to live there, is ADDED again.
   */
  | 'SESSION_EVENT_TYPE_REPLICA_LOST'
  | 6
  /**
   * Every session of a replica that began to answer after SNAPSHOT_DONE was sent.
   */
  | 'SESSION_EVENT_TYPE_REPLICA_JOINED'
  | 7

/**
 * Kinds of events.
 */
export type SessionEventType__Output = typeof SessionEventType[keyof typeof SessionEventType]
