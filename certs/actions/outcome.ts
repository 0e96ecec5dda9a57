/** The report of a command: lines for people, a value for `-o json`, and warnings for standard error. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly json: unknown;
  readonly warnings?: readonly string[];
}
