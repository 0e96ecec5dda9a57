// Original file: proto/google/rpc/status.proto

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from '../../google/protobuf/Any.js';

/**
 * An RPC's failure.
 */
export interface Status {
  /**
   * gRPC status code.
   */
  'code'?: (number);
  /**
   * One sentence for people.
   */
  'message'?: (string);
  /**
   * What a program can act on: ErrorInfo, and by kind of failure BadRequest, ResourceInfo or RetryInfo.
   */
  'details'?: (_google_protobuf_Any)[];
}

/**
 * An RPC's failure.
 */
export interface Status__Output {
  /**
   * gRPC status code.
   */
  'code': (number);
  /**
   * One sentence for people.
   */
  'message': (string);
  /**
   * What a program can act on: ErrorInfo, and by kind of failure BadRequest, ResourceInfo or RetryInfo.
   */
  'details': (_google_protobuf_Any__Output)[];
}
