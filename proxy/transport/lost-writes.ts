/**
 * Runs a function that writes to connections, some of which may be lost. Node makes an error of each failed write and reads its stack
 * at once, which puts every frame into words: when a fleet left at once, this took more time than closing the connections. Nobody looks
 * at these stacks, which are Node's own; the error keeps its code and message. An error that is thrown keeps its stack, which is read
 * later.
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
