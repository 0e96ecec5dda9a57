// Original file: proto/google/rpc/error_details.proto


/**
 * One wrong field.
 */
export interface _google_rpc_BadRequest_FieldViolation {
  /**
   * Path of the field, in the request's own names.
   */
  'field'?: (string);
  /**
   * What is wrong with it and what would be right.
   */
  'description'?: (string);
}

/**
 * One wrong field.
 */
export interface _google_rpc_BadRequest_FieldViolation__Output {
  /**
   * Path of the field, in the request's own names.
   */
  'field': (string);
  /**
   * What is wrong with it and what would be right.
   */
  'description': (string);
}

/**
 * Which fields of the request are wrong.
 */
export interface BadRequest {
  /**
   * All that were found.
   */
  'field_violations'?: (_google_rpc_BadRequest_FieldViolation)[];
}

/**
 * Which fields of the request are wrong.
 */
export interface BadRequest__Output {
  /**
   * All that were found.
   */
  'field_violations': (_google_rpc_BadRequest_FieldViolation__Output)[];
}
