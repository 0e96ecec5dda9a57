// Original file: proto/micronets/wsproxy/control/v1/server.proto


/**
 * Asks whether someone may sit at a meetup, and why.
 */
export interface ExplainAccessRequest {
  /**
   * A certificate, PEM. It is taken as verified: whether the edge would accept it is not asked.
   */
  'certificate_pem'?: (string);
  /**
   * uid of a connected peer, on whichever replica.
   */
  'peer_uid'?: (string);
  /**
   * Where.
   */
  'meetup_id'?: (string);
  /**
   * SHA-256 of a certificate that is remembered (GetHistory): 64 hex digits.
   */
  'fingerprint'?: (string);
  /**
   * Part of the subject of a certificate that is remembered, whatever the case of its letters. It must be of one certificate only, on all replicas
   * together.
   */
  'subject_part'?: (string);
  /**
   * True for the certificate that was last refused at the meetup, on whichever replica.
   */
  'last_refused'?: (boolean);
  /**
   * Who.
   */
  'subject'?: "certificate_pem"|"peer_uid"|"fingerprint"|"subject_part"|"last_refused";
}

/**
 * Asks whether someone may sit at a meetup, and why.
 */
export interface ExplainAccessRequest__Output {
  /**
   * A certificate, PEM. It is taken as verified: whether the edge would accept it is not asked.
   */
  'certificate_pem'?: (string);
  /**
   * uid of a connected peer, on whichever replica.
   */
  'peer_uid'?: (string);
  /**
   * Where.
   */
  'meetup_id': (string);
  /**
   * SHA-256 of a certificate that is remembered (GetHistory): 64 hex digits.
   */
  'fingerprint'?: (string);
  /**
   * Part of the subject of a certificate that is remembered, whatever the case of its letters. It must be of one certificate only, on all replicas
   * together.
   */
  'subject_part'?: (string);
  /**
   * True for the certificate that was last refused at the meetup, on whichever replica.
   */
  'last_refused'?: (boolean);
  /**
   * Who.
   */
  'subject'?: "certificate_pem"|"peer_uid"|"fingerprint"|"subject_part"|"last_refused";
}
