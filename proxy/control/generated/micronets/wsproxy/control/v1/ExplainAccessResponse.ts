// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * The answer.
 */
export interface ExplainAccessResponse {
  /**
   * Whether an upgrade would be accepted as far as identity, blocks and policy go; room is not asked.
   */
  'allowed'?: (boolean);
  /**
   * Word of the refusal, such as `policy_denied`, `blocked` or `certificate_revoked`; `tls_handshake` where Envoy ends the handshake,
   * so that no upgrade is asked for; empty when allowed.
   */
  'refusal'?: (string);
  /**
   * Seat that the policy gives; empty when refused.
   */
  'role'?: (string);
  /**
   * Name of the rule that decided; empty when none did.
   */
  'rule'?: (string);
  /**
   * One sentence.
   */
  'reason'?: (string);
  /**
   * What was tried on the way, in order, for people.
   */
  'steps'?: (string)[];
  /**
   * Fingerprint of the certificate that was judged.
   */
  'fingerprint'?: (string);
  /**
   * Its subject.
   */
  'certificate_subject'?: (string);
}

/**
 * The answer.
 */
export interface ExplainAccessResponse__Output {
  /**
   * Whether an upgrade would be accepted as far as identity, blocks and policy go; room is not asked.
   */
  'allowed': (boolean);
  /**
   * Word of the refusal, such as `policy_denied`, `blocked` or `certificate_revoked`; `tls_handshake` where Envoy ends the handshake,
   * so that no upgrade is asked for; empty when allowed.
   */
  'refusal': (string);
  /**
   * Seat that the policy gives; empty when refused.
   */
  'role': (string);
  /**
   * Name of the rule that decided; empty when none did.
   */
  'rule': (string);
  /**
   * One sentence.
   */
  'reason': (string);
  /**
   * What was tried on the way, in order, for people.
   */
  'steps': (string)[];
  /**
   * Fingerprint of the certificate that was judged.
   */
  'fingerprint': (string);
  /**
   * Its subject.
   */
  'certificate_subject': (string);
}
