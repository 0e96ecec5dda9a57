import { DerFault } from '../../../proxy/x509/encoding/der.js';
import { handshakeOf } from '../../../proxy/x509/handshake.js';
import { identityFrom } from '../../../proxy/x509/identity-headers.js';
import { identityOfCertificate } from '../../../proxy/x509/identity-of-certificate.js';
import { listsIn } from '../../../proxy/x509/lists/crl.js';
import { identityHeadersOf } from '../identity-headers-of.js';
import { broken, parser } from '../target.js';

/** Tags and lengths that DER readers trip over. */
const DER_WORDS = [
  '\x30\x80',
  '\x30\x84\x7f',
  '\x02\x01\x00',
  '\x06\x03\x55\x04\x03',
  '\x0c\x00',
  '\x13\x01A',
  '\x31\x00',
  '\x17\x00',
];
const MAX_DER_BYTES = 8192;

/** Bytes give an identity that also comes through the edge, or a fault; what Envoy would say of them, or a fault. */
export const certificate = parser(
  'certificate',
  DER_WORDS,
  (input) => {
    const read = identityOfCertificate(input);
    if ('ok' in read && !('ok' in identityFrom(identityHeadersOf(read.ok)))) {
      broken('the edge could not forward this identity');
    }
    orFault(() => handshakeOf(input, Date.now()));
  },
  MAX_DER_BYTES,
);

/** A file of lists is read, or there is a fault. */
export const crl = parser(
  'crl',
  [...DER_WORDS, '-----BEGIN X509 CRL-----\n', '-----END X509 CRL-----\n', '\n'],
  (input) => orFault(() => listsIn(input, undefined)),
  MAX_DER_BYTES,
);

function orFault(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    if (error.message === '') broken('the fault says nothing');
  }
}
