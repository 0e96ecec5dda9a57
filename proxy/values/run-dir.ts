import { join } from 'node:path';

type Environment = Readonly<Partial<Record<string, string>>>;

/**
 * The folder in which `npm start` keeps certificates, policy, logs and sockets, and in which the commands look for them:
 * `$WS_PROXY_RUN_DIR`, or `.run`. An empty variable counts as unset.
 */
export function runDirOf(environment: Environment): string {
  return environment['WS_PROXY_RUN_DIR'] || '.run';
}

/** The folder of the development certificates in the run directory. */
export function certificatesDirOf(environment: Environment): string {
  return join(runDirOf(environment), 'certs');
}
