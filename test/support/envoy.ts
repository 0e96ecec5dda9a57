import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnvoyPorts, startEnvoy } from '../../dev/envoy.js';
import { edgeFiles, renderEdge } from '../../envoy/render.js';
import type { EdgeSettings } from '../../envoy/settings.js';
import { pem } from './der-writer.js';
import { edgeSettings } from './edge-settings.js';
import { type IssuedCertificate, RawAuthority } from './raw-authority.js';

/** A real Envoy in front of a test's own upstream. */
export interface TestEdge {
  readonly ports: EnvoyPorts;
  readonly pid: number;
  /** The authority that signed the server's certificate and that the edge trusts. */
  readonly authority: RawAuthority;
  /** Folder of the rendered files; Envoy watches it, too. */
  readonly configDir: string;
  /** Folder with `server.{cert,key}.pem`, `root.cert.pem` and `root.crl.pem`; Envoy watches it. */
  readonly certs: string;
  /** Puts files into `certs` by rename, in the order given. */
  replace(files: Readonly<Record<string, string>>): Promise<void>;
  /** Sum of Envoy's counters and gauges whose whole name fits the regular expression; Envoy makes many of them on first use. */
  stat(pattern: string): Promise<number>;
  /** Envoy's own log and its access log. */
  logs(): Promise<string>;
  /** Stops Envoy and removes its files. */
  stop(): Promise<void>;
}

export interface TestEdgePlan {
  /** Unix socket of the service. */
  readonly serviceSocket: string;
  /** Unix socket of the control API; when absent, nobody listens on it. */
  readonly controlSocket?: string;
  readonly authority?: RawAuthority;
  /** Settings that differ from the defaults. */
  readonly settings?: Partial<EdgeSettings>;
  /** Spoils the rendered files, by their text, before Envoy reads them; gets the path below the folder. */
  readonly edit?: (file: string, text: string) => string;
}

const STOP_MS = 5_000;
/** Lines of each log that a failure shows. */
const SHOWN_LINES = 12;

/** Starts Envoy with certificates of its own and ports that the system chose. */
export async function startEdge(plan: TestEdgePlan): Promise<TestEdge> {
  const dir = await mkdtemp(join(tmpdir(), 'ws-proxy-edge-'));
  const certs = join(dir, 'certs');
  const authority = plan.authority ?? new RawAuthority();
  const server = authority.issue({ subject: [], names: [{ dns: 'localhost' }] });
  await mkdir(certs);
  const replace = (files: Readonly<Record<string, string>>): Promise<void> => putByRename(certs, files);
  await replace({
    ...serverFiles(server),
    'root.cert.pem': authority.certificate,
    'root.crl.pem': listText(authority, []),
  });
  try {
    const { authority: _, settings, edit, ...sockets } = plan;
    const wanted = edgeSettings(dir, { ...sockets, ...settings });
    const bootstrap = await renderEdge(wanted);
    if (edit !== undefined) await editAll(wanted.configDir, edit);
    const envoy = await startEnvoy({ binary: envoyBinary(), bootstrap, logDir: dir, workers: 1 });
    return {
      ports: envoy.ports,
      pid: envoy.pid,
      authority,
      configDir: wanted.configDir,
      certs,
      replace,
      stat: (pattern) => readStat(envoy.ports.admin, pattern),
      logs: () => readLogs(dir),
      async stop() {
        await envoy.part.stop(STOP_MS);
        await rm(dir, { recursive: true });
      },
    };
  } catch (error) {
    const logs = await readLogs(dir);
    await rm(dir, { recursive: true });
    throw new Error(`${error instanceof Error ? error.message : error}\n${logs}`);
  }
}

/** Mocha hooks: an edge for all tests of the suite; its logs are shown when one fails. */
export function useEdge(plan: () => Promise<TestEdgePlan>): () => TestEdge {
  let edge: TestEdge | undefined;
  before(async () => {
    edge = await startEdge(await plan());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && edge !== undefined) console.error(await edge.logs());
  });
  after(() => edge?.stop());
  return () => {
    if (edge === undefined) throw new Error('the edge is there inside tests only');
    return edge;
  };
}

/** The files that hold this server certificate; the certificate last, as Envoy takes up the pair when both fit. */
export function serverFiles(server: IssuedCertificate): Record<string, string> {
  return { 'server.key.pem': server.key, 'server.cert.pem': server.certificate };
}

/** The revocation list with these serial numbers on it, PEM. */
export function listText(authority: RawAuthority, serials: readonly string[]): string {
  return pem('X509 CRL', authority.revoke({ serials }));
}

/** `npm test` names the binary; mocha on its own takes the binary of an earlier set-up. */
export function envoyBinary(): string {
  const binary = process.env['ENVOY_BIN'] ?? '.tools/envoy/envoy';
  if (!existsSync(binary)) throw new Error(`no Envoy at ${binary}: run "npm test" once, or set ENVOY_BIN`);
  return binary;
}

async function editAll(dir: string, edit: (file: string, text: string) => string): Promise<void> {
  for (const name of edgeFiles) await writeFile(join(dir, name), edit(name, await readFile(join(dir, name), 'utf8')));
}

async function putByRename(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(dir, `.${name}.new`), text);
    await rename(join(dir, `.${name}.new`), join(dir, name));
  }
}

async function readStat(admin: number, pattern: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${admin}/stats?format=json&filter=^${pattern}$`);
  const { stats }: { stats: { value?: number }[] } = JSON.parse(await response.text());
  return stats.reduce((sum, { value = 0 }) => sum + value, 0);
}

async function readLogs(dir: string): Promise<string> {
  const texts: string[] = [];
  for (const name of ['envoy.log', 'envoy-access.log']) {
    const text = await readFile(join(dir, name), 'utf8').catch(String);
    texts.push(`--- ${name}`, ...text.trimEnd().split('\n').slice(-SHOWN_LINES));
  }
  return texts.join('\n');
}
