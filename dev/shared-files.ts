import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDevelopmentPki } from '../certs/development.js';
import { makeFolder, whyNotMade } from '../certs/folder.js';
import { type EdgeSettings, SettingsError } from '../envoy/settings.js';
import { systemLimits } from '../proxy/door/open-files.js';
import { developmentPolicy } from './policy.js';
import { roomFor } from './room.js';
import type { DevelopmentSettings, Ports } from './settings.js';
import { accepts } from './wait.js';

/** The files of a run that all of its services and Envoys read. */
export interface SharedFiles {
  readonly certs: string;
  /** The files by which Envoy checks clients: the CA, and the revocation list as the service passes it on. */
  readonly trust: string;
  /** The authorities that sign the revocation lists: the root, and the intermediate where there is one. */
  readonly authorities: string;
  readonly policy: string;
  readonly logDir: string;
  /** The limit of each service, where the system allows too few open files for the one that it was told. */
  readonly maxConnections?: number;
}

/** Runs `work`; a file or folder that cannot be made becomes a SettingsError that names it. */
export async function usable<T>(runDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = whyNotMade(error);
    if (why === undefined) throw error;
    const { path = runDir } = error as NodeJS.ErrnoException;
    throw new SettingsError(`${path} can't be used (${why}): mend that, or set WS_PROXY_RUN_DIR to another folder`);
  }
}

/** Throws a SettingsError where somebody listens there already. */
export async function refuseUsed(runDir: string, socket: string): Promise<void> {
  if (!(await accepts(socket))) return;
  throw new SettingsError(`${runDir} is in use by another start: stop that one, or set WS_PROXY_RUN_DIR to another`);
}

/** Makes what is missing of them, and gives the connections that each Envoy may have: room for `services` of them behind it. */
export async function prepareShared(
  { runDir }: DevelopmentSettings,
  services: number,
  say: (line: string) => void,
): Promise<{ readonly files: SharedFiles; readonly edge: number }> {
  const files = {
    certs: join(runDir, 'certs'),
    trust: join(runDir, 'trust'),
    authorities: join(runDir, 'trust', 'authorities.pem'),
    policy: join(runDir, 'policy.yaml'),
    logDir: join(runDir, 'log'),
  };
  for (const line of await makeDevelopmentPki(files.certs)) say(line);
  await makeFolder(files.logDir);
  // Envoy starts with both there; from then on the service puts each list there that passed its checks.
  await makeFolder(files.trust);
  for (const name of ['root.cert.pem', 'root.crl.pem'])
    await copyFile(join(files.certs, name), join(files.trust, name));
  await writeFile(files.authorities, await authoritiesOf(files.certs));
  if (!existsSync(files.policy)) await writeFile(files.policy, developmentPolicy);
  const room = roomFor(process.env, systemLimits().openFiles, services);
  if (room.warning !== undefined) say(room.warning);
  const lowered = room.service === undefined ? {} : { maxConnections: room.service };
  return { files: { ...files, ...lowered }, edge: room.edge };
}

/** What Envoy is told in every run, but for its connections and who is behind it. */
export function edgeAt(
  settings: DevelopmentSettings,
  files: SharedFiles,
  ports: Ports,
  folder = 'envoy',
): Omit<EdgeSettings, 'maxConnections' | 'serviceSocket' | 'controlSocket'> {
  return {
    configDir: join(settings.runDir, folder),
    address: '0.0.0.0',
    pathPrefix: settings.pathPrefix,
    peersPort: ports.peers,
    controlPort: ports.control,
    adminPort: ports.admin,
    serverCertificate: join(files.certs, 'server.cert.pem'),
    serverKey: join(files.certs, 'server.key.pem'),
    // The intermediate too: deployed peers present their own certificate alone.
    clientCa: files.authorities,
    clientCrl: join(files.trust, 'root.crl.pem'),
    controlJson: true,
    ...(settings.tracesUrl && { tracesUrl: settings.tracesUrl }),
  };
}

async function authoritiesOf(certs: string): Promise<string> {
  const names = ['root.cert.pem', 'intermediate.cert.pem'].map((name) => join(certs, name));
  const texts = await Promise.all(names.filter(existsSync).map((name) => readFile(name, 'latin1')));
  return texts.join('');
}
