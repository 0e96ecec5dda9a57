/** How this process reaches NATS. Files are read again at each connection, so a renewed certificate or password needs no restart. */
export interface NatsSettings {
  /** `nats://HOST:PORT` or `tls://HOST:PORT`, at least one; a server tells of the others of its cluster. */
  readonly servers: readonly string[];
  /** What NATS shows as the name of the connection. */
  readonly name: string;
  /** Name of the fleet; it has the form of CLUSTER_NAME. */
  readonly cluster: string;
  /** File of a user's JWT and seed, as `nsc` writes it. */
  readonly credsFile: string | undefined;
  /** File of two lines: user and password. */
  readonly userFile: string | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** How streams are made where they are not there. */
  readonly streams: StreamSettings;
  /** Longest wait for one answer, milliseconds. */
  readonly requestTime: number;
  /** Longest wait from the dial of a server to its welcome, milliseconds; 3 s when absent. */
  readonly dialTime?: number;
}

export interface StreamSettings {
  /** Servers of the NATS cluster that hold each stream: 1, 3 or 5. */
  readonly replicas: number;
  readonly storage: 'file' | 'memory';
}

/** Takes what is to be told of the connection. Texts name no user and no secret. */
export interface NatsNews {
  tell(level: 'info' | 'warn' | 'error', what: string, detail?: string): void;
}
