/** Version of the form of records, tombstones and claims that this release writes. */
export const FORMAT = 1;

/** Times after which the store forgets what was not written again, milliseconds. They only collect what was left behind. */
export const CLAIM_LIFE = 7 * 86_400_000;
export const RECORD_LIFE = 3_600_000;
export const TOMBSTONE_LIFE = 7 * 86_400_000;

/**
 * What a replica says of itself. A later form has the fields of this one, and perhaps more. A field that cannot be read is empty, and the
 * name is then the incarnation: such a replica lives, and is asked nothing.
 */
export interface ReplicaRecord {
  /** Version of this form, from 1; 0: it cannot be read. */
  readonly format: number;
  /** The replica's name. */
  readonly name: string;
  /** Address of its hop listener: `unix:PATH` or `HOST:PORT`. */
  readonly address: string;
  /** Address of its control API for other replicas, in the same forms; empty where it has none. */
  readonly control: string;
  /** Version of the product. */
  readonly version: string;
  /** Digest of the policy in force. */
  readonly policyDigest: string;
}

/** The word of a replica that declared another dead; it stands in place of the dead one's record for good. */
export interface Tombstone {
  readonly format: number;
  /** Incarnation of the one who declared it. */
  readonly dead: string;
}

/** The incarnation in a claim that cannot be read. Nobody has it, so it has no record, and the claim can be taken over. */
export const UNREADABLE = 'unreadable';

/** Who serves a meetup. The store forgets a claim CLAIM_LIFE after its last write: its owner writes it again at half of that. */
export interface Claim {
  /** Version of this form, from 1; 0: it cannot be read. A later form has the fields of this one, and perhaps more. */
  readonly format: number;
  readonly incarnation: string;
  /** The owner's name and the address of its hop listener, so that a hop needs no second read. */
  readonly name: string;
  readonly address: string;
}

/** A value and the store's number of the write that put it there. */
export interface Stored<T> {
  readonly value: T;
  /** Number of the write, from 1; it grows over all tables, and over a loss of the store too. Never more than a number holds exactly. */
  readonly sequence: number;
}

/** How a write that expects a sequence ended. */
export type Put =
  | { readonly t: 'written'; readonly sequence: number }
  /** The last write of this key was another than expected. Nothing was written. */
  | { readonly t: 'conflict' }
  /** No answer came in time: it may have been written, or may yet be. */
  | { readonly t: 'unknown'; readonly detail: string };

/** How a read ended; `value` is undefined where nothing is stored. It may be stale: use it only to know what to expect of a write. */
export type Read<T> =
  | { readonly t: 'read'; readonly stored: Stored<T> | undefined }
  | { readonly t: 'unknown'; readonly detail: string };

/**
 * The shared memory of the replicas, as the ownership protocol needs it: two tables in which every write expects the number of the write
 * before it (0: none). No method throws or rejects, and each ends within the store's request time.
 */
export interface Store {
  /** True while the connection to the store stands, as far as this side knows. */
  readonly connected: boolean;
  /** Calls back whenever `connected` changes; returns the function that ends this. */
  onConnection(changed: (connected: boolean) => void): () => void;

  putClaim(meetupId: string, claim: Claim, expected: number): Promise<Put>;
  readClaim(meetupId: string): Promise<Read<Claim>>;
  /** Deletes the write of that number, if it is still there. Whether it worked is not told: a claim that stays behind is harmless, and looked for later. */
  releaseClaim(sequence: number): void;

  putRecord(incarnation: string, record: ReplicaRecord | Tombstone, expected: number): Promise<Put>;
  readRecord(incarnation: string): Promise<Read<ReplicaRecord | Tombstone>>;
  /** Every record that is no tombstone, by incarnation; undefined when the store does not answer. */
  records(): Promise<ReadonlyMap<string, Stored<ReplicaRecord>> | undefined>;

  /** Answers `isAlive` questions for this incarnation from now on; returns the function that ends this. */
  answerFor(incarnation: string): () => void;
  /** Asks whether anybody answers for an incarnation. `nobody` alone proves nothing: it is also what all see for a moment after the store restarts. */
  isAlive(incarnation: string): Promise<'alive' | 'nobody' | 'unknown'>;
}
