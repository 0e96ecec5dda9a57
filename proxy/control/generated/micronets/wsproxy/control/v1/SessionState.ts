// Original file: proto/micronets/wsproxy/control/v1/session.proto

/**
 * Where a session stands.
 */
export const SessionState = {
  /**
   * Not used.
   */
  SESSION_STATE_UNSPECIFIED: 'SESSION_STATE_UNSPECIFIED',
  /**
   * One peer sits and waits for the other.
   */
  SESSION_STATE_WAITING: 'SESSION_STATE_WAITING',
  /**
   * Both sit; messages are relayed.
   */
  SESSION_STATE_PAIRED: 'SESSION_STATE_PAIRED',
  /**
   * A peer went; only WatchSessions shows this state.
   */
  SESSION_STATE_FINISHED: 'SESSION_STATE_FINISHED',
} as const;

/**
 * Where a session stands.
 */
export type SessionState =
  /**
   * Not used.
   */
  | 'SESSION_STATE_UNSPECIFIED'
  | 0
  /**
   * One peer sits and waits for the other.
   */
  | 'SESSION_STATE_WAITING'
  | 1
  /**
   * Both sit; messages are relayed.
   */
  | 'SESSION_STATE_PAIRED'
  | 2
  /**
   * A peer went; only WatchSessions shows this state.
   */
  | 'SESSION_STATE_FINISHED'
  | 3

/**
 * Where a session stands.
 */
export type SessionState__Output = typeof SessionState[keyof typeof SessionState]
