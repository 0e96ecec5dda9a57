/** The time, in milliseconds. */
export interface Clock {
  /** Wall clock, since the Unix epoch. */
  now(): number;
  /** Steady clock: it never steps back, and only differences mean anything. */
  steady(): number;
  /** Calls back once; the returned function cancels the call. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back again and again; the returned function cancels the calls. Does not keep the process alive. */
  every(ms: number, callback: () => void): () => void;
}

/** Waits until the messages sent in one turn of the event loop are handed to the operating system. */
export interface AfterWrites {
  /** Called once for each request to be called. */
  written(): void;
}
