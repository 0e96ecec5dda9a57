// Original file: proto/micronets/wsproxy/control/v1/session.proto


/**
 * Why a connection or session ended: one row of the table of endings that close frames, logs, spans and metrics share.
 */
export interface Ending {
  /**
   * The word of the row, such as `kicked` or `peer_disconnected`.
   */
  'label'?: (string);
  /**
   * Websocket close code (RFC 6455 section 7.4).
   */
  'code'?: (number);
  /**
   * Close reason as the peer was told, at most 123 bytes.
   */
  'text'?: (string);
}

/**
 * Why a connection or session ended: one row of the table of endings that close frames, logs, spans and metrics share.
 */
export interface Ending__Output {
  /**
   * The word of the row, such as `kicked` or `peer_disconnected`.
   */
  'label': (string);
  /**
   * Websocket close code (RFC 6455 section 7.4).
   */
  'code': (number);
  /**
   * Close reason as the peer was told, at most 123 bytes.
   */
  'text': (string);
}
