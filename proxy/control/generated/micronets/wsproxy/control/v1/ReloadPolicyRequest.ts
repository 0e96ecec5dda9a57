// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * Asks for the policy files of all replicas to be read again. A file that is not valid changes nothing on its replica: FAILED_PRECONDITION,
 * reason POLICY_INVALID, and the message names the replica and the place.
 */
export interface ReloadPolicyRequest {
}

/**
 * Asks for the policy files of all replicas to be read again. A file that is not valid changes nothing on its replica: FAILED_PRECONDITION,
 * reason POLICY_INVALID, and the message names the replica and the place.
 */
export interface ReloadPolicyRequest__Output {
}
