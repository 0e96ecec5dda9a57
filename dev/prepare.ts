import { existsSync } from 'node:fs';
import { chmod, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDevelopmentPki } from '../certs/development.js';
import { makeFolder, whyNotMade } from '../certs/folder.js';
import { renderEdge } from '../envoy/render.js';
import { SettingsError } from '../envoy/settings.js';
import { systemLimits } from '../proxy/door/open-files.js';
import { keepLogs } from './logs.js';
import { developmentPolicy } from './policy.js';
import { roomFor } from './room.js';
import type { DevelopmentSettings, Ports } from './settings.js';
import { accepts } from './wait.js';

/** The places of one run. */
export interface RunFiles {
  readonly certs: string;
  /** The files by which Envoy checks clients: the CA, and the revocation list as the service passes it on. */
  readonly trust: string;
  /** The authorities that sign the revocation lists: the root, and the intermediate where there is one. */
  readonly authorities: string;
  readonly policy: string;
  readonly logDir: string;
  readonly bootstrap: string;
  readonly serviceSocket: string;
  readonly controlSocket: string;
  /** The service's limit, where the system allows too few open files for the one that it was told. */
  readonly maxConnections?: number;
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
export async function prepareRun(settings: DevelopmentSettings, ports: Ports, say: (line: string) => void) {
  try {
    return await fillRun(settings, ports, say);
  } catch (error) {
    const why = whyNotMade(error);
    if (why === undefined) throw error;
    const { path = settings.runDir } = error as NodeJS.ErrnoException;
    throw new SettingsError(`${path} can't be used (${why}): mend that, or set WS_PROXY_RUN_DIR to another folder`);
  }
}

async function fillRun(settings: DevelopmentSettings, ports: Ports, say: (line: string) => void): Promise<RunFiles> {
  const { runDir, socketDir } = settings;
  const files = {
    certs: join(runDir, 'certs'),
    trust: join(runDir, 'trust'),
    authorities: join(runDir, 'trust', 'authorities.pem'),
    policy: join(runDir, 'policy.yaml'),
    logDir: join(runDir, 'log'),
    serviceSocket: join(socketDir, 'proxy.sock'),
    controlSocket: join(socketDir, 'control.sock'),
  };
  if (await accepts(files.serviceSocket)) {
    throw new SettingsError(`${runDir} is in use by another start: stop that one, or set WS_PROXY_RUN_DIR to another`);
  }
  for (const line of await makeDevelopmentPki(files.certs)) say(line);
  await makeFolder(files.logDir);
  // Envoy starts with both there; from then on the service puts each list there that passed its checks.
  await makeFolder(files.trust);
  for (const name of ['root.cert.pem', 'root.crl.pem'])
    await copyFile(join(files.certs, name), join(files.trust, name));
  await writeFile(files.authorities, await authoritiesOf(files.certs));
  if (!existsSync(files.policy)) await writeFile(files.policy, developmentPolicy);
  const room = roomFor(process.env, systemLimits().openFiles);
  if (room.warning !== undefined) say(room.warning);
  const bootstrap = await renderEdge({
    configDir: join(runDir, 'envoy'),
    address: '0.0.0.0',
    pathPrefix: settings.pathPrefix,
    peersPort: ports.peers,
    controlPort: ports.control,
    adminPort: ports.admin,
    maxConnections: room.edge,
    serverCertificate: join(files.certs, 'server.cert.pem'),
    serverKey: join(files.certs, 'server.key.pem'),
    // The intermediate too: deployed peers present their own certificate alone.
    clientCa: files.authorities,
    clientCrl: join(files.trust, 'root.crl.pem'),
    serviceSocket: files.serviceSocket,
    controlSocket: files.controlSocket,
    controlJson: true,
    ...(settings.tracesUrl && { tracesUrl: settings.tracesUrl }),
  });
  keepLogs(files.logDir);
  const lowered = room.service === undefined ? {} : { maxConnections: room.service };
  return { ...files, ...lowered, bootstrap };
}

async function authoritiesOf(certs: string): Promise<string> {
  const names = ['root.cert.pem', 'intermediate.cert.pem'].map((name) => join(certs, name));
  const texts = await Promise.all(names.filter(existsSync).map((name) => readFile(name, 'latin1')));
  return texts.join('');
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
