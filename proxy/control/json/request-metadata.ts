import { Metadata } from '@grpc/grpc-js';
import { PASSED } from '../rpc/hop.js';

/** The characters that metadata may hold; the edge writes no others. */
const PRINTABLE = /^[ -~]*$/;

/** The headers of a request that a call passes on: those of the edge, which say who calls. */
export function metadataOf(rawHeaders: readonly string[]): Metadata {
  const metadata = new Metadata();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at]?.toLowerCase(), rawHeaders[at + 1]];
    if (PASSED.test(name) && PRINTABLE.test(value)) metadata.add(name, value);
  }
  return metadata;
}
