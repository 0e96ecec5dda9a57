import type { Block } from '../../policy/limits/blocks.js';
import { type Claim, FORMAT, type ReplicaRecord, type Tombstone, UNREADABLE } from '../store.js';

/**
 * The values of the tables as JSON, and read back. What is read was written by somebody else, perhaps by another version, so every reader
 * gives a value whatever the bytes are. Later formats may add fields, and keep those of format 1.
 */

export function writeClaim({ format, incarnation, name, address }: Claim): string {
  return JSON.stringify({ format, incarnation, name, address });
}

/** What is no claim counts as one of an incarnation that nobody has, so that it can be taken over. */
export function readClaim(bytes: Uint8Array): Claim {
  const { format, incarnation, name, address } = fieldsIn(bytes);
  const whole = isText(incarnation) && incarnation !== '' && isText(name) && isText(address);
  return whole
    ? { format: formatIn(format), incarnation, name, address }
    : { format: 0, incarnation: UNREADABLE, name: '', address: '' };
}

export function writeRecord(record: ReplicaRecord | Tombstone): string {
  if ('dead' in record) return JSON.stringify({ format: record.format, dead: record.dead });
  const { format, name, address, control, version, policyDigest } = record;
  return JSON.stringify({ format, name, address, control, version, policyDigest });
}

/** What is no record counts as one of a replica that lives and can be asked nothing, named by its incarnation. */
export function readRecord(bytes: Uint8Array, incarnation: string): ReplicaRecord | Tombstone {
  const { format, dead, ...fields } = fieldsIn(bytes);
  if (isText(dead)) return { format: formatIn(format), dead };
  const { name, address, control, version, policyDigest } = fields;
  return {
    format: formatIn(format),
    name: isText(name) && name !== '' ? name : incarnation,
    address: textIn(address),
    control: textIn(control),
    version: textIn(version),
    policyDigest: textIn(policyDigest),
  };
}

/** A block as it is stored, or that it was lifted. */
export type StoredBlock =
  | { readonly t: 'block'; readonly block: Block }
  | { readonly t: 'lifted'; readonly uid: string };

export function writeBlock(stored: StoredBlock): string {
  if (stored.t === 'lifted') return JSON.stringify({ format: FORMAT, lifted: true });
  const { uid: _, ...block } = stored.block;
  return JSON.stringify({ format: FORMAT, ...block });
}

/** Undefined for what is no block: it keeps nobody out. The uid is that of the subject. */
export function readBlock(bytes: Uint8Array, uid: string): StoredBlock | undefined {
  const { lifted, fingerprint, subject, meetupId, reason, by, since, until } = fieldsIn(bytes);
  if (lifted === true) return { t: 'lifted', uid };
  const selector = { fingerprint, subject, meetupId };
  const given = Object.entries(selector).filter(([, value]) => value !== undefined);
  // A block that selects by less than was meant would keep everybody out.
  if (given.length === 0 || !given.every(([, value]) => isText(value))) return undefined;
  if (!isText(reason) || !isText(by) || !isTime(since) || !isTime(until)) return undefined;
  return { t: 'block', block: { ...Object.fromEntries(given), uid, reason, by, since, until } };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsIn(bytes: Uint8Array): Fields {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}

function formatIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textIn(value: unknown): string {
  return isText(value) ? value : '';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
