// Original file: proto/micronets/wsproxy/control/v1/drain.proto

/**
 * Where a drain stands.
 */
export const DrainState = {
  /**
   * Not used.
   */
  DRAIN_STATE_UNSPECIFIED: 'DRAIN_STATE_UNSPECIFIED',
  /**
   * Newcomers are welcome.
   */
  DRAIN_STATE_SERVING: 'DRAIN_STATE_SERVING',
  /**
   * Newcomers are refused; idle sessions are closed in batches with code 1012, busy ones at the deadline.
   */
  DRAIN_STATE_DRAINING: 'DRAIN_STATE_DRAINING',
  /**
   * Nobody is left.
   */
  DRAIN_STATE_DRAINED: 'DRAIN_STATE_DRAINED',
} as const;

/**
 * Where a drain stands.
 */
export type DrainState =
  /**
   * Not used.
   */
  | 'DRAIN_STATE_UNSPECIFIED'
  | 0
  /**
   * Newcomers are welcome.
   */
  | 'DRAIN_STATE_SERVING'
  | 1
  /**
   * Newcomers are refused; idle sessions are closed in batches with code 1012, busy ones at the deadline.
   */
  | 'DRAIN_STATE_DRAINING'
  | 2
  /**
   * Nobody is left.
   */
  | 'DRAIN_STATE_DRAINED'
  | 3

/**
 * Where a drain stands.
 */
export type DrainState__Output = typeof DrainState[keyof typeof DrainState]
