import { z } from 'zod';
import { canonicalNames } from '../../x509/canonical-names.js';
import type { Identity } from '../../x509/identity.js';
import { parseName } from '../../x509/names/distinguished-name.js';
import { canonicalName } from '../../x509/names/subject-fields.js';
import { plainHex } from '../rules/conditions.js';
import { distinguishedName, fingerprint, serial } from '../rules/schema.js';
import { describeFaults, type Fault, readYaml } from '../rules/yaml-document.js';
import type { Reading } from './last-good-file.js';
import type { Revocation, Revocations } from './revocations.js';

/** Largest deny list, in bytes. */
export const MAX_DENY_LIST_BYTES = 1024 * 1024;
/** Most entries of a deny list. */
export const MAX_DENIED = 5000;

const uri = z
  .string()
  .regex(/^[ -~]{1,8192}$/, '1 to 8192 printable ASCII characters')
  .describe('A whole URI SAN, such as a SPIFFE id: every certificate that has it, renewed ones too.');
const note = z.string().max(500).describe('For people; nobody is told.').optional();

export const denyListDocument = z
  .strictObject({
    version: z.literal(1),
    deny: z
      .array(
        z
          .strictObject({
            fingerprint: fingerprint.optional(),
            serial: serial.optional(),
            issuer: distinguishedName.optional(),
            subject: distinguishedName.optional(),
            uri: uri.optional(),
            note,
          })
          .refine(isOneWay, 'needs one of: fingerprint, subject, uri, or serial and issuer'),
      )
      .max(MAX_DENIED)
      .describe('Certificates that are kept out, whatever the policy says.'),
  })
  .describe('Deny list of ws-proxy');

interface Denial {
  readonly fingerprint?: string | undefined;
  readonly serial?: string | undefined;
  readonly issuer?: string | undefined;
  readonly subject?: string | undefined;
  readonly uri?: string | undefined;
}

/** Reads the content of a deny list. A fault has one line for each thing that is wrong, each with its place. */
export function readDenyList(path: string, content: Buffer): Reading<DenyList> {
  const read = denialKeys(path, content);
  return 'ok' in read ? { ok: new DenyList(read.ok) } : { fault: read.fault };
}

/** Reads the keys by which a deny list is asked; faults are as in `readDenyList`. */
export function denialKeys(path: string, content: Buffer): Reading<ReadonlySet<string>> {
  const read = readYaml(content.toString('utf8'), denyListDocument);
  if ('faults' in read) return { fault: describeFaults(path, read.faults) };
  const faults: Fault[] = [];
  const keys = new Set<string>();
  for (const [i, denial] of read.ok.deny.entries()) {
    const key = keyOf(denial, (part, message) => faults.push(read.fault(['deny', i, part], message)));
    keys.add(key);
  }
  return faults.length > 0 ? { fault: describeFaults(path, faults) } : { ok: keys };
}

/** A deny list, ready to be asked; it never changes. */
export class DenyList implements Revocations {
  readonly #keys: ReadonlySet<string>;

  constructor(keys: ReadonlySet<string>) {
    this.#keys = keys;
  }

  get size(): number {
    return this.#keys.size;
  }

  check(identity: Identity): Revocation | undefined {
    const { subject, issuer } = canonicalNames(identity);
    const ways = [
      ['fingerprint', fingerprintKey(identity.fingerprint)],
      ['serial number', serialKey(identity.serial, issuer)],
      ['subject', subjectKey(subject)],
      // Each of them: more names than one make nobody another.
      ...identity.uris.map((one) => ['URI', uriKey(one)] as const),
    ] as const;
    const by = ways.find(([, key]) => this.#keys.has(key))?.[0];
    return by === undefined ? undefined : { label: 'certificate_revoked', detail: `the ${by} is on the deny list` };
  }
}

const fingerprintKey = (hex: string): string => `fingerprint ${hex}`;
const serialKey = (hex: string, issuer: string): string => `serial ${hex} ${issuer}`;
const subjectKey = (name: string): string => `subject ${name}`;
const uriKey = (text: string): string => `uri ${text}`;

function isOneWay({ fingerprint: print, serial: number, issuer, subject, uri: name }: Denial): boolean {
  const ways = [print, number, subject, name].filter((way) => way !== undefined);
  return ways.length === 1 && (number === undefined) === (issuer === undefined);
}

function keyOf(denial: Denial, fault: (part: string, message: string) => void): string {
  const name = (part: 'issuer' | 'subject', text: string): string => {
    const read = parseName(text);
    if ('ok' in read) return canonicalName(read.ok);
    fault(part, `is not an RFC 4514 name: ${read.fault}`);
    return '';
  };
  if (denial.fingerprint !== undefined) return fingerprintKey(plainHex('fingerprint', denial.fingerprint));
  if (denial.uri !== undefined) return uriKey(denial.uri);
  if (denial.subject !== undefined) return subjectKey(name('subject', denial.subject));
  return serialKey(plainHex('serial', denial.serial ?? ''), name('issuer', denial.issuer ?? ''));
}
