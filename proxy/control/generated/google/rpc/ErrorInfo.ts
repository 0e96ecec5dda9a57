// Original file: proto/google/rpc/error_details.proto


/**
 * Why the call failed, as a word that programs can compare.
 */
export interface ErrorInfo {
  /**
   * UPPER_SNAKE_CASE, one word for one cause within the domain.
   */
  'reason'?: (string);
  /**
   * Who defines the reason.
   */
  'domain'?: (string);
  /**
   * Particulars, by lowerCamelCase or snake_case key.
   */
  'metadata'?: ({[key: string]: string});
}

/**
 * Why the call failed, as a word that programs can compare.
 */
export interface ErrorInfo__Output {
  /**
   * UPPER_SNAKE_CASE, one word for one cause within the domain.
   */
  'reason': (string);
  /**
   * Who defines the reason.
   */
  'domain': (string);
  /**
   * Particulars, by lowerCamelCase or snake_case key.
   */
  'metadata': ({[key: string]: string});
}
