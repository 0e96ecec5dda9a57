import { watchFiles } from './credential-watch.js';
import { readCa } from './credentials.js';

/** The CA certificates of an API, read anew when their file changes. */
export interface UpstreamCa {
  /** PEM text. */
  current(): string;
  stop(): void;
}

/**
 * Reads and watches the file. When the file turns bad, `complain` is told, and the certificates read before stay in use.
 * `option` names the file in messages.
 *
 * @throws CredentialsError when it is bad from the start
 */
export function watchedCa(file: string, complain: (line: string) => void, option = '--upstream-ca'): UpstreamCa {
  let ca = readCa(file, option);
  const stop = watchFiles([file], () => {
    try {
      ca = readCa(file, option);
    } catch (error) {
      complain(`${error instanceof Error ? error.message : String(error)}; the CA read before stays in use`);
    }
  });
  return { current: () => ca, stop };
}
