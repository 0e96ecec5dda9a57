// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * The answer.
 */
export interface ExplainAccessResponse {
  /**
   * Whether an upgrade would be accepted now as far as the replica, the certificate, blocks and policy go: what the door asks, in its order.
   * Whether there is room, and whether the seat is free, is not asked.
   */
  'allowed'?: (boolean);
  /**
   * Word of the refusal, such as `policy_denied`, `blocked`, `certificate_revoked` or `draining`; `tls_handshake` where Envoy ends the handshake,
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
   * Whether an upgrade would be accepted now as far as the replica, the certificate, blocks and policy go: what the door asks, in its order.
   * Whether there is room, and whether the seat is free, is not asked.
   */
  'allowed': (boolean);
  /**
   * Word of the refusal, such as `policy_denied`, `blocked`, `certificate_revoked` or `draining`; `tls_handshake` where Envoy ends the handshake,
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
