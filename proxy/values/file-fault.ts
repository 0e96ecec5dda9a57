/** What is wrong with a file that the system does not give, and what to do, by the code of its error. */
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; check the path',
  ENOTDIR: 'no such file: a part of its path is no folder; check the path',
  ELOOP: 'no such file: its link leads back to itself; check the path',
  EACCES: 'may not be read by this user; check its mode and owner, and those of its folders',
  EPERM: 'may not be read by this user; check its mode and owner, and those of its folders',
  EISDIR: 'is a directory; name a file',
};

/** Says in words why a file cannot be read, so that `PATH: …` can stand before it. */
export function fileFault(error: unknown): string {
  const code = faultCode(error);
  return FAULTS[code] ?? `cannot be read (${code})`;
}

/** The code that the system gives to an error. */
export function faultCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
