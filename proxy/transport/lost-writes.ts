/**
 * Runs what writes to connections, of which some may be lost. Node makes an error of each write that fails and reads its stack at once,
 * which puts every frame into words: when a fleet goes at once that took more time than to close the connections. Nobody looks at these
 * stacks, which are Node's own all the way; the error keeps its code and message. One that is thrown has its stack, which is read later.
 */
export function tersely(write: () => void): void {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = String;
  try {
    write();
  } finally {
    Error.prepareStackTrace = before;
  }
}
