import { bufferOf, DerFault, elementAt } from '../proxy/x509/encoding/der.js';
import { nameAt } from '../proxy/x509/names/der-name.js';
import { formatName as format } from '../proxy/x509/names/distinguished-name.js';

/**
 * A DER name as RFC 4514 text, most specific part first, exactly as Envoy writes it in `x-forwarded-client-cert` (OpenSSL's
 * `RFC2253` form: non-ASCII as `\C4\8D`, types without a short name as OIDs). What `certs show` prints can therefore be pasted into a
 * policy. A name that neither Envoy nor the service can read is `#` and the hex of its DER.
 */
export function formatName(bytes: Uint8Array): string {
  const der = bufferOf(bytes);
  try {
    return der.length === 0 ? '' : format(nameAt(der, elementAt(der, 0)));
  } catch (fault) {
    if (fault instanceof DerFault) return `#${der.toString('hex').toUpperCase()}`;
    throw fault;
  }
}
