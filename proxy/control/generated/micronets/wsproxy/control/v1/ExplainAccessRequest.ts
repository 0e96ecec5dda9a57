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
   * Who.
   */
  'subject'?: "certificate_pem"|"peer_uid";
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
   * Who.
   */
  'subject'?: "certificate_pem"|"peer_uid";
}
