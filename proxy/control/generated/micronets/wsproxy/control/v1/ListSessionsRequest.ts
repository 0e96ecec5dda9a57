// Original file: proto/micronets/wsproxy/control/v1/session_calls.proto


/**
 * Which sessions to list (AIP-132, AIP-158, AIP-160).
 */
export interface ListSessionsRequest {
  /**
   * Most sessions in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'page_size'?: (number);
  /**
   * `next_page_token` of the page before, from whichever replica; empty for the first. Filter and order must be the same as then.
   */
  'page_token'?: (string);
  /**
   * Which sessions, by a subset of AIP-160: `field op value` joined by AND, OR, NOT and brackets, where OR binds tighter than
   * AND, op is one of `= != < <= > >= :` (`:` is "contains"), and a text value may begin or end with `*`. Fields of the session: `uid`,
   * `meetup_id`, `state` (WAITING, PAIRED), `replica`, `create_time`, `pair_time`; fields that hold when they hold for either
   * peer: `subject`, `issuer`, `fingerprint`, `serial`, `uri`, `dns`, `expire_time`, `peer_uid`, `peer_class`, `peer_id`, `role`, `rule`,
   * `remote_address`, `request_id`, `connect_time`; figures of this moment: `errors`, `in_flight`, `latency` (`p99_latency` of the
   * invocations), `backlog` (bytes of both peers), `age`. Times are RFC 3339, durations as `1.5s`, `10m`, `1h30m`, bytes as `4096` or
   * `64KiB`. At most 1024 characters, 32 conditions, 8 levels of brackets.
   * Examples: `state = PAIRED AND meetup_id = "sub/8675309/*" AND NOT subject : "O=Lab"`; `errors > 0 OR latency >= 1s`.
   */
  'filter'?: (string);
  /**
   * `create_time` (default), `meetup_id`, `age`, `errors`, `in_flight`, `latency` or `backlog`, each with ` desc` after it for the greatest first.
   * Sessions that are equal in it are in the order of their uids, on every replica. `errors` and those after it change while pages are read: a
   * session whose figure changes between two of them may be in both or in neither, every other one is in exactly one.
   */
  'order_by'?: (string);
}

/**
 * Which sessions to list (AIP-132, AIP-158, AIP-160).
 */
export interface ListSessionsRequest__Output {
  /**
   * Most sessions in the answer; 0 for 50, more than 500 is taken as 500, negative is refused.
   */
  'page_size': (number);
  /**
   * `next_page_token` of the page before, from whichever replica; empty for the first. Filter and order must be the same as then.
   */
  'page_token': (string);
  /**
   * Which sessions, by a subset of AIP-160: `field op value` joined by AND, OR, NOT and brackets, where OR binds tighter than
   * AND, op is one of `= != < <= > >= :` (`:` is "contains"), and a text value may begin or end with `*`. Fields of the session: `uid`,
   * `meetup_id`, `state` (WAITING, PAIRED), `replica`, `create_time`, `pair_time`; fields that hold when they hold for either
   * peer: `subject`, `issuer`, `fingerprint`, `serial`, `uri`, `dns`, `expire_time`, `peer_uid`, `peer_class`, `peer_id`, `role`, `rule`,
   * `remote_address`, `request_id`, `connect_time`; figures of this moment: `errors`, `in_flight`, `latency` (`p99_latency` of the
   * invocations), `backlog` (bytes of both peers), `age`. Times are RFC 3339, durations as `1.5s`, `10m`, `1h30m`, bytes as `4096` or
   * `64KiB`. At most 1024 characters, 32 conditions, 8 levels of brackets.
   * Examples: `state = PAIRED AND meetup_id = "sub/8675309/*" AND NOT subject : "O=Lab"`; `errors > 0 OR latency >= 1s`.
   */
  'filter': (string);
  /**
   * `create_time` (default), `meetup_id`, `age`, `errors`, `in_flight`, `latency` or `backlog`, each with ` desc` after it for the greatest first.
   * Sessions that are equal in it are in the order of their uids, on every replica. `errors` and those after it change while pages are read: a
   * session whose figure changes between two of them may be in both or in neither, every other one is in exactly one.
   */
  'order_by': (string);
}
