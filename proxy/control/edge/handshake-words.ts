/** What the edge's TLS library (BoringSSL) writes of a handshake that failed, and what it means; the first that fits is told. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/certificate.revoked|SSLV3_ALERT_CERTIFICATE_REVOKED/i, 'the certificate is revoked'],
  [/certificate.has.expired/i, 'the certificate has expired'],
  [/certificate.is.not.yet.valid/i, 'the certificate is not valid yet'],
  [/CRL.has.expired/i, 'the revocation list of its CA is out of date, so that no certificate of it can be judged'],
  [
    /unable.to.get.certificate.CRL/i,
    'there is no revocation list of its CA, so that no certificate of it can be judged',
  ],
  [/PEER_DID_NOT_RETURN_A_CERTIFICATE/, 'the client showed no certificate'],
  [
    /unable.to.get.(?:local.)?issuer|self.signed|unable.to.verify|certificate.signature.failure/i,
    'the certificate is of a CA that is not trusted here',
  ],
  [/CERTIFICATE_VERIFY_FAILED/, 'the certificate was not accepted'],
  [/TLSV1_ALERT_UNKNOWN_CA/, "the client does not trust the edge's own certificate: its CA file is another one"],
  [
    /ALERT_(?:CERTIFICATE_EXPIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)/,
    "the client does not accept the edge's own certificate",
  ],
  [/HTTP_REQUEST/, 'the client spoke plain HTTP'],
  [/WRONG_VERSION_NUMBER/, 'the client did not speak TLS'],
  [
    /UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER|NO_COMMON/,
    'client and edge have no version of TLS, or no cipher, in common',
  ],
];

/** A failed handshake in words, with what the library said behind it. */
export function handshakeWords(failure: string): string {
  const said = plain(failure);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(failure))?.[1];
  if (meaning === undefined) return said;
  return said === '' ? meaning : `${meaning} (${said})`;
}

/** The last thing that the library said, without its numbers and files. */
function plain(failure: string): string {
  const parts = failure.replaceAll('_', ' ').split(/[|:]/);
  const told = parts.map((part) => part.trim()).filter((part) => part !== '' && !NOISE.test(part));
  return told.slice(-2).join(': ');
}

const NOISE = /^(?:TLS error|TLS error end|\d+|SSL routines|OPENSSL internal|X509 verify cert|verify cert failed)$/i;
