// Original file: proto/micronets/wsproxy/control/v1/history.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One relayed call that ended: a REST:REQUEST and its REST:RESPONSE.
 */
export interface Call {
  /**
   * Trace id: of the request's own traceparent, else one that the replica gave. 32 lower-case hex digits.
   */
  'trace_id'?: (string);
  /**
   * uid of the session.
   */
  'session_uid'?: (string);
  /**
   * Meetup id.
   */
  'meetup_id'?: (string);
  /**
   * Name of the replica that relayed it.
   */
  'replica'?: (string);
  /**
   * When the request arrived.
   */
  'start_time'?: (_google_protobuf_Timestamp | null);
  /**
   * HTTP method as the request has it.
   */
  'method'?: (string);
  /**
   * Path without its query, cut to 256 characters; empty when it was no longer known at the end.
   */
  'path'?: (string);
  /**
   * Status of the response; 0 when none came, or it has none of HTTP.
   */
  'status_code'?: (number);
  /**
   * Word of the table of outcomes, such as `ok`, `http_error` or `timeout`.
   */
  'outcome'?: (string);
  /**
   * Class of the failure: `not_answered`, `answered_5xx` or `answered_4xx`; empty when it did not fail.
   */
  'failure'?: (string);
  /**
   * One sentence: what the outcome means.
   */
  'meaning'?: (string);
  /**
   * Word of the ending of the session, where that ended the call; empty otherwise.
   */
  'ending'?: (string);
  /**
   * Time in the proxy before the request had left, and from the response's arrival until it had left.
   */
  'proxy_latency'?: (_google_protobuf_Duration | null);
  /**
   * Time at the peer that was asked: from the request's leaving to the response's arrival, or to the end.
   */
  'peer_latency'?: (_google_protobuf_Duration | null);
  /**
   * Role of the peer that asked.
   */
  'requester_role'?: (string);
  /**
   * Role of the peer that was asked.
   */
  'responder_role'?: (string);
  /**
   * Bytes of the request's message.
   */
  'request_bytes'?: (number | string | Long);
  /**
   * Bytes of the response's message; 0 when none came.
   */
  'response_bytes'?: (number | string | Long);
  /**
   * Where its trace is shown, by `--trace-link` of the replica; empty without that option. A trace that nobody sampled is not found there.
   */
  'trace_url'?: (string);
  /**
   * Trace id of the request's own traceparent where that is not trusted (`--trace-trust-parent false`), so that the trace has another; empty otherwise.
   */
  'claimed_trace_id'?: (string);
}

/**
 * One relayed call that ended: a REST:REQUEST and its REST:RESPONSE.
 */
export interface Call__Output {
  /**
   * Trace id: of the request's own traceparent, else one that the replica gave. 32 lower-case hex digits.
   */
  'trace_id': (string);
  /**
   * uid of the session.
   */
  'session_uid': (string);
  /**
   * Meetup id.
   */
  'meetup_id': (string);
  /**
   * Name of the replica that relayed it.
   */
  'replica': (string);
  /**
   * When the request arrived.
   */
  'start_time': (_google_protobuf_Timestamp__Output | null);
  /**
   * HTTP method as the request has it.
   */
  'method': (string);
  /**
   * Path without its query, cut to 256 characters; empty when it was no longer known at the end.
   */
  'path': (string);
  /**
   * Status of the response; 0 when none came, or it has none of HTTP.
   */
  'status_code': (number);
  /**
   * Word of the table of outcomes, such as `ok`, `http_error` or `timeout`.
   */
  'outcome': (string);
  /**
   * Class of the failure: `not_answered`, `answered_5xx` or `answered_4xx`; empty when it did not fail.
   */
  'failure': (string);
  /**
   * One sentence: what the outcome means.
   */
  'meaning': (string);
  /**
   * Word of the ending of the session, where that ended the call; empty otherwise.
   */
  'ending': (string);
  /**
   * Time in the proxy before the request had left, and from the response's arrival until it had left.
   */
  'proxy_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Time at the peer that was asked: from the request's leaving to the response's arrival, or to the end.
   */
  'peer_latency': (_google_protobuf_Duration__Output | null);
  /**
   * Role of the peer that asked.
   */
  'requester_role': (string);
  /**
   * Role of the peer that was asked.
   */
  'responder_role': (string);
  /**
   * Bytes of the request's message.
   */
  'request_bytes': (string);
  /**
   * Bytes of the response's message; 0 when none came.
   */
  'response_bytes': (string);
  /**
   * Where its trace is shown, by `--trace-link` of the replica; empty without that option. A trace that nobody sampled is not found there.
   */
  'trace_url': (string);
  /**
   * Trace id of the request's own traceparent where that is not trusted (`--trace-trust-parent false`), so that the trace has another; empty otherwise.
   */
  'claimed_trace_id': (string);
}
