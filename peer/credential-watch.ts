import { unwatchFile, watchFile } from 'node:fs';
import type { CredentialFiles } from './credentials.js';

/** Milliseconds between two looks. The file system's events would miss a file that is replaced by rename, or lies on a network. */
const LOOK_EVERY_MS = 1_000;

/** Calls `changed` after one of the files was written or replaced. Does not keep the process alive; the function returned ends it. */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  // Each watch has a function of its own, or the end of one would end another of the same file.
  const look = (): void => changed();
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);
  return () => {
    for (const path of paths) unwatchFile(path, look);
  };
}

/** {@link watchFiles} for the files of a peer's credentials. */
export function watchCredentials(files: CredentialFiles, changed: () => void): () => void {
  return watchFiles([...new Set([files.cert, files.key ?? files.cert, files.ca])], changed);
}
