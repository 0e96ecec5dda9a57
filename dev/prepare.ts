import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, whyNotMade } from '../certs/folder.js';
import { renderEdge } from '../envoy/render.js';
import { SettingsError } from '../envoy/settings.js';
import { keepLogs } from './logs.js';
import type { DevelopmentSettings, Ports } from './settings.js';
import { edgeAt, prepareShared, refuseUsed, type SharedFiles, usable } from './shared-files.js';

/** The places of a run of one service. */
export interface RunFiles extends SharedFiles {
  readonly bootstrap: string;
  readonly serviceSocket: string;
  readonly controlSocket: string;
}

/** A run directory holds at least one of these, also where somebody has prepared it by hand. */
const RUN_ENTRIES: readonly string[] = ['certs', 'policy.yaml'];

/** Makes the run directory and the place of the sockets, each for this user alone. Throws a SettingsError. */
export async function makePlaces({ runDir, socketDir }: DevelopmentSettings): Promise<void> {
  await checkOwn(runDir);
  await makePrivate(runDir);
  if (socketDir !== runDir) await makePrivate(socketDir);
}

/**
 * Makes what is missing in a run directory: certificates, policy and folders; and Envoy's files. Returns where they are. Throws a
 * SettingsError for a place that can't be used, a CertsFailure for a certificate or key that can't.
 */
export function prepareRun(
  settings: DevelopmentSettings,
  ports: Ports,
  say: (line: string) => void,
): Promise<RunFiles> {
  return usable(settings.runDir, async () => {
    const { runDir, socketDir } = settings;
    const sockets = { serviceSocket: join(socketDir, 'proxy.sock'), controlSocket: join(socketDir, 'control.sock') };
    await refuseUsed(runDir, sockets.serviceSocket);
    const { files, edge } = await prepareShared(settings, 1, say);
    const bootstrap = await renderEdge({ ...edgeAt(settings, files, ports), maxConnections: edge, ...sockets });
    keepLogs(files.logDir);
    return { ...files, ...sockets, bootstrap };
  });
}

/** Its mode is changed, and its owner may delete it to begin anew: neither is for a folder with other files in it. */
async function checkOwn(runDir: string): Promise<void> {
  const there = await readdir(runDir).catch((): string[] => []);
  if (there.length === 0 || there.some((name) => RUN_ENTRIES.includes(name))) return;
  throw new SettingsError(
    `${runDir} holds other files: set WS_PROXY_RUN_DIR to a folder of its own, such as one in it`,
  );
}

/** Keys and sockets live here. In a temporary folder anybody could have made it first. */
async function makePrivate(dir: string): Promise<void> {
  try {
    await makeFolder(dir, 0o700);
    const { uid } = await stat(dir);
    if (uid !== process.getuid?.()) {
      throw new SettingsError(`${dir} belongs to another user: set WS_PROXY_RUN_DIR to a folder of your own`);
    }
    await chmod(dir, 0o700);
  } catch (error) {
    const why = whyNotMade(error);
    if (why === undefined) throw error;
    throw new SettingsError(`${dir} can't be made (${why}): set WS_PROXY_RUN_DIR to a folder that this user may make`);
  }
}
