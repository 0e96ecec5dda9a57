// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * Asks for the policy file to be read again. A file that is not valid changes nothing: FAILED_PRECONDITION, reason
 * POLICY_INVALID, and the message names the place.
 */
export interface ReloadPolicyRequest {
}

/**
 * Asks for the policy file to be read again. A file that is not valid changes nothing: FAILED_PRECONDITION, reason
 * POLICY_INVALID, and the message names the place.
 */
export interface ReloadPolicyRequest__Output {
}
