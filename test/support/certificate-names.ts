import type { NameParts } from './raw-authority.js';

const oids = { CN: '2.5.4.3', O: '2.5.4.10', OU: '2.5.4.11' } as const;

/** `subject(['O', 'Acme'], ['CN', 'gw-1'])`: a subject in the order of the DER, which Envoy prints in reverse. */
export function subject(...parts: readonly (readonly [keyof typeof oids, string])[]): NameParts {
  return parts.map(([type, value]) => [oids[type], value] as const);
}
