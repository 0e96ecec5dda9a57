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
