/** One living replica, as the store has it. */
export interface Member {
  readonly incarnation: string;
  /** The replica's name, for people. */
  readonly replica: string;
  /** Address of its control API for other replicas: `unix:PATH`, or `HOST:PORT` with mutual TLS; empty where it has none. */
  readonly control: string;
  readonly version: string;
  /** Digest of the policy that it enforces. */
  readonly policyDigest: string;
  /** True for this very replica. */
  readonly self: boolean;
}

/** The replicas that serve together. */
export interface Fleet {
  /** This replica's incarnation at present. */
  readonly incarnation: string;
  /**
   * The living replicas, this one first, the others by name. While the store is out of reach the last known ones are given. Never rejects.
   */
  members(): Promise<readonly Member[]>;
}
