/** The words of `measure.ts` by which rows of the table allow what peers see. */
export const see = {
  /** The end of TCP without a close frame. */
  broke: /^1006, /,
  /** The other peer of the pair went. */
  gone: /^1002 the peer websocket disconnected$/,
  /** The proxy missed this peer's pong, or its answer to a probe. */
  unheard: /^1002 (?:Ping|Probe) timed out/,
  restarts: /^1012 the proxy is restarting: retry in N s(?:; messages taken: N)?$/,
  /** Our peers themselves give up a proxy of which they hear nothing. A test that drops a connection of ours ends it so too. */
  silent: /^ended by the peer itself$/,
  /** Envoy answers, and the service does not, or takes no new peers. */
  unavailable: /^refused: (?:unavailable|draining)$/,
  /** Nobody listens, or who did is gone. */
  noAnswer: /^refused: (?:unreachable |tls ECONNRESET|timeout|socket hang up|Opening handshake has timed out)/,
  /** Whoever came back before the proxy knew that it had gone. */
  full: /^refused: (?:meetup_full|role_taken)$|^(?:4409|4412) /,
  denied: /^4403 |^refused: policy_denied$/,
  revoked: /^4402 |^refused: certificate_revoked$|^refused: tls .*(?:REVOKED|ALERT)/,
  expired: /^4401 |^refused: certificate_expired$/,
  kicked: /^4410 /,
  blocked: /^4411 |^refused: blocked$/,
  slow: /^4430 /,
  /** This peer's own machine was too busy to say HELLO in time. */
  noHello: /^4408 /,
  noRoom: /^refused: server_full$/,
  /** The replicas could not agree in time who serves the meetup. */
  unplaced: /^refused: unplaced$|^1012 cannot tell which replica serves this meetup/,
  /** Another replica has taken the meetup over. */
  deposed: /^1012 another replica serves this meetup now/,
} as const;
