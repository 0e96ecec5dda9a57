// Original file: proto/micronets/wsproxy/control/v1/tap.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../google/protobuf/Timestamp.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../google/protobuf/Duration.js';

/**
 * What is told of a message. Fields of the envelope are empty when the message is not an envelope, or is longer than 64 KiB.
 */
export interface TappedMessage {
  /**
   * When it was relayed.
   */
  'time'?: (_google_protobuf_Timestamp | null);
  /**
   * uid of the peer that sent it.
   */
  'from_peer_uid'?: (string);
  /**
   * uid of the peer that it went to.
   */
  'to_peer_uid'?: (string);
  /**
   * Payload size, bytes.
   */
  'size_bytes'?: (number);
  /**
   * True for a binary message, false for text.
   */
  'binary'?: (boolean);
  /**
   * `messageType`, such as `REST:REQUEST`; cut to 256 characters, as is each text below.
   */
  'message_type'?: (string);
  /**
   * `messageId`, integers as decimal text.
   */
  'message_id'?: (string);
  /**
   * `inResponseTo`, integers as decimal text.
   */
  'in_response_to'?: (string);
  /**
   * `requiresResponse`.
   */
  'requires_response'?: (boolean);
  /**
   * `method` of a REST:REQUEST.
   */
  'method'?: (string);
  /**
   * `path` of a REST:REQUEST.
   */
  'path'?: (string);
  /**
   * `statusCode` of a REST:RESPONSE; 0 when there is none.
   */
  'status_code'?: (number);
  /**
   * `dataFormat`.
   */
  'data_format'?: (string);
  /**
   * Time since the message that this one answers, where the tap saw that.
   */
  'latency'?: (_google_protobuf_Duration | null);
  /**
   * The message's bytes, up to `max_body_bytes`; empty unless asked for.
   */
  'body'?: (Buffer | Uint8Array | string);
  /**
   * True when `body` was cut.
   */
  'body_cut'?: (boolean);
  /**
   * Seat of the peer that sent it: `manager`, `gateway` or `any`.
   */
  'from_role'?: (string);
  /**
   * Seat of the peer that it went to.
   */
  'to_role'?: (string);
}

/**
 * What is told of a message. Fields of the envelope are empty when the message is not an envelope, or is longer than 64 KiB.
 */
export interface TappedMessage__Output {
  /**
   * When it was relayed.
   */
  'time': (_google_protobuf_Timestamp__Output | null);
  /**
   * uid of the peer that sent it.
   */
  'from_peer_uid': (string);
  /**
   * uid of the peer that it went to.
   */
  'to_peer_uid': (string);
  /**
   * Payload size, bytes.
   */
  'size_bytes': (number);
  /**
   * True for a binary message, false for text.
   */
  'binary': (boolean);
  /**
   * `messageType`, such as `REST:REQUEST`; cut to 256 characters, as is each text below.
   */
  'message_type': (string);
  /**
   * `messageId`, integers as decimal text.
   */
  'message_id': (string);
  /**
   * `inResponseTo`, integers as decimal text.
   */
  'in_response_to': (string);
  /**
   * `requiresResponse`.
   */
  'requires_response': (boolean);
  /**
   * `method` of a REST:REQUEST.
   */
  'method': (string);
  /**
   * `path` of a REST:REQUEST.
   */
  'path': (string);
  /**
   * `statusCode` of a REST:RESPONSE; 0 when there is none.
   */
  'status_code': (number);
  /**
   * `dataFormat`.
   */
  'data_format': (string);
  /**
   * Time since the message that this one answers, where the tap saw that.
   */
  'latency': (_google_protobuf_Duration__Output | null);
  /**
   * The message's bytes, up to `max_body_bytes`; empty unless asked for.
   */
  'body': (Buffer);
  /**
   * True when `body` was cut.
   */
  'body_cut': (boolean);
  /**
   * Seat of the peer that sent it: `manager`, `gateway` or `any`.
   */
  'from_role': (string);
  /**
   * Seat of the peer that it went to.
   */
  'to_role': (string);
}
