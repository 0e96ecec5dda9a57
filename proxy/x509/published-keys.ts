import { createHash } from 'node:crypto';
import { certificateIn } from './certificate.js';
import { DerFault, expect, tags, wholeOf } from './encoding/der.js';
import { pemBlocks } from './encoding/pem.js';

/**
 * Keys whose private halves stand in the public repository of the original proxy, by the SHA-256 of their SubjectPublicKeyInfo. The key
 * counts and not a certificate: a new certificate for the same key is as open.
 */
const PUBLISHED: ReadonlyMap<string, string> = new Map([
  // The original certificate with this key has the SHA-256 35996DDAA124017384234B21089BA780F4DD182B104300D919787129299FB268.
  ['fc0ebb16218dd7f968ddc76495d7df02bd9fdc9a2ad149387b28cecb76bf11cc', 'micronets-ws-root'],
  ['61ddf3bc56a6ea922d9372629146f01b72813cf1bc7abeaf719f2c185d72deb9', 'micronets-api-root'],
  ['8980d9a9289bcbd5cc20d8296590c55bf5acfb90295710c5bac1c775eb845b47', 'micronets-ws-proxy'],
  ['537f55286f3a55c6b62a036856c9f0b117e029a345abec514a6516e5ade722ab', 'micronets-manager'],
  ['4ba2130b6bc90cfefba933e7459cb5aef4975829a56b004e122000d7a6a6577a', 'micronets-ws-test-client'],
  ['1623c4b8bedc90e602c9286fbeb6886fbf810987590768bd5d2c6559f4ae5c62', 'micronets-ws-dpp-client'],
  ['8198d118ac59a9787c30ca7de3ca6f630f841df7de32c365bd16d5ac7ed4e69e', 'micronets-api-mm'],
  ['c6c765273c5e01fa06ba848c4ee878063ebe9fb46c9456568b81c60632cb54c1', 'micronets-api-mso-gateway'],
]);

/**
 * The fault of a DER certificate whose private key everybody can have, as text to follow the name of its file; undefined for any other
 * certificate, and for bytes that are no certificate.
 */
export function publishedKeyFault(der: Buffer): string | undefined {
  const name = nameOfKey(der);
  if (name === undefined) return undefined;
  return (
    `the private key of this certificate is public, in the repository of the original proxy (lib/${name}.key.pem), ` +
    'so that anybody can be anybody under it: make a key of your own (ws-proxy certs init, ws-proxy certs issue)'
  );
}

/** The first `publishedKeyFault` among the certificates of a PEM text. */
export function publishedKeyFaultIn(pem: string): string | undefined {
  for (const der of pemBlocks(pem, 'CERTIFICATE') ?? []) {
    const fault = publishedKeyFault(der);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function nameOfKey(der: Buffer): string | undefined {
  try {
    const key = expect(certificateIn(der).key, tags.sequence, 'the key');
    return PUBLISHED.get(createHash('sha256').update(wholeOf(der, key)).digest('hex'));
  } catch (fault) {
    if (fault instanceof DerFault) return undefined;
    throw fault;
  }
}
