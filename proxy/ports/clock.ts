/** The time, in milliseconds. */
export interface Clock {
  /** Wall clock, since the Unix epoch. */
  now(): number;
  /** Steady clock: never steps back; only differences mean anything. */
  steady(): number;
  /** Calls back once; the function returned cancels. Does not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
  /** Calls back again and again; the function returned cancels. Does not keep the process alive. */
  every(ms: number, callback: () => void): () => void;
}

/** Waits until what was sent in one turn of the event loop was handed to the operating system. */
export interface AfterWrites {
  /** Called once for each time that it was asked for. */
  written(): void;
}
