// Original file: proto/google/rpc/error_details.proto


/**
 * Which resource the failure is about.
 */
export interface ResourceInfo {
  /**
   * Type of the resource, such as `Session`.
   */
  'resource_type'?: (string);
  /**
   * Its name, such as `sessions/0d2f…`.
   */
  'resource_name'?: (string);
  /**
   * Owner, where that means something.
   */
  'owner'?: (string);
  /**
   * What happened to it.
   */
  'description'?: (string);
}

/**
 * Which resource the failure is about.
 */
export interface ResourceInfo__Output {
  /**
   * Type of the resource, such as `Session`.
   */
  'resource_type': (string);
  /**
   * Its name, such as `sessions/0d2f…`.
   */
  'resource_name': (string);
  /**
   * Owner, where that means something.
   */
  'owner': (string);
  /**
   * What happened to it.
   */
  'description': (string);
}
