import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../certs/folder.js';
import { ownHosts } from '../proxy/door/host-names.js';
import { publishedKeyFaultIn } from '../proxy/x509/published-keys.js';
import { endpointFiles } from './endpoints.js';
import { withFolderLock } from './folder-lock.js';
import { refusalValues } from './refusals.js';
import { replaceFile } from './replace-file.js';
import { putReplicas, replicasOf } from './replicas.js';
import {
  checkSettings,
  DEFAULT_HANDSHAKE_TIMEOUT,
  type EdgeSettings,
  type FleetSettings,
  MAX_CONTROL_CONNECTIONS,
  MAX_STATS_CONNECTIONS,
  type ReplicaTls,
  SettingsError,
} from './settings.js';
import { fill, type TemplateValues } from './template.js';

/** The files, in the order in which they may be put into place: the bootstrap's watchers see whole sets only. */
export const edgeFiles = [
  'sds/server-certificate.yaml',
  'sds/client-ca.yaml',
  'rds/peers.yaml',
  'rds/control.yaml',
  'cds.yaml',
  'lds.yaml',
  'envoy.yaml',
] as const;

/** Files of mutual TLS to replicas, where there is any. */
const tlsFiles = ['sds/replica-client.yaml', 'sds/replica-ca.yaml'] as const;

/** Envoy itself, its stats and its routes, before the first connection. */
const BASE_HEAP_BYTES = 256 * 1024 * 1024;
/** Connections without TLS that each of the two listeners holds, all of clients that do not hang up after their answer. */
const MAX_PLAIN_CONNECTIONS = 64;
/** Connections that are accepted at once, and each second after that, whatever the limit is: a small fleet has them all. */
const LEAST_ACCEPT_BURST = 4_000;
const LEAST_ACCEPT_RATE = 1_000;
/** Seconds after which deployed peers come back: in that time as many as may be connected can be accepted anew. */
const COMES_BACK_AFTER = 20;
/** Time that a connection may be without a request beyond its handshake, seconds. */
const REQUEST_TIMEOUT = 15;
/** Buffers and TLS state of one peer, with room for backlog in both directions. */
const HEAP_BYTES_PER_CONNECTION = 96 * 1024;

const templates = fileURLToPath(new URL('../../envoy/', import.meta.url));

/**
 * Writes Envoy's configuration for these settings into `settings.configDir`, each file by rename, so that a running Envoy
 * takes it up. Files that would not change are left alone. Returns the bootstrap's path.
 * Throws a SettingsError when a setting cannot work.
 */
export async function renderEdge(settings: EdgeSettings): Promise<string> {
  checkSettings(settings);
  const { clientCa, serverCertificate, fleet: { tls } = {} } = settings;
  const shown = tls === undefined ? [] : [tls.ca, tls.certificate];
  for (const path of [clientCa, serverCertificate, ...shown]) await refusePublished(path);
  const { configDir, fleet } = settings;
  const filling = fillingOf(settings);
  const put = async (name: string): Promise<void> => {
    await replaceFile(join(configDir, name), fill(await readFile(join(templates, name), 'utf8'), filling));
  };
  // What clusters name is there before them, and what none names any more goes after them.
  if (fleet?.tls !== undefined) for (const name of tlsFiles) await put(name);
  if (fleet !== undefined) await listReplicas(configDir, fleet);
  for (const name of edgeFiles) await put(name);
  const unused = [...(fleet?.tls === undefined ? tlsFiles : []), ...(fleet === undefined ? endpointFiles : [])];
  for (const name of unused) await rm(join(configDir, name), { force: true });
  return join(configDir, 'envoy.yaml');
}

/** The heap that an Envoy for so many peers may have; beyond it, it sheds load. */
export function heapBytesFor(maxConnections: number): number {
  return BASE_HEAP_BYTES + maxConnections * HEAP_BYTES_PER_CONNECTION;
}

async function listReplicas(dir: string, { replicas, tls }: FleetSettings): Promise<void> {
  await makeFolder(dir);
  await withFolderLock(dir, async () => {
    await putReplicas(dir, replicas ?? (await replicasOf(dir)) ?? [], tls !== undefined);
  });
}

/** Files that are there are looked at; they may come later, too. */
async function refusePublished(path: string): Promise<void> {
  const fault = publishedKeyFaultIn(await readFile(path, 'latin1').catch(() => ''));
  if (fault !== undefined) throw new SettingsError(`${path}: ${fault}`);
}

function fillingOf(settings: EdgeSettings): TemplateValues {
  const { clientCrl, controlJson, fleet, statsPort, tracesUrl } = settings;
  const handshake = settings.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT;
  return {
    blocks: {
      alone: fleet === undefined,
      fleet: fleet !== undefined,
      replica_tls: fleet?.tls !== undefined,
      crl: clientCrl !== undefined,
      json: controlJson,
      proxy_protocol: settings.proxyProtocol === true,
      tracing: tracesUrl !== undefined,
      stats: statsPort !== undefined,
    },
    values: {
      ...refusalValues(settings),
      ...(fleet === undefined ? ONE_SERVICE : SEVERAL_REPLICAS),
      ...tlsValues(fleet?.tls),
      PATH_BASE: expressionFor(settings.pathPrefix.slice(0, -1)),
      NODE_ID: 'ws-proxy-edge',
      CONFIG_DIR: settings.configDir,
      ADDRESS: settings.address,
      DUAL_STACK: settings.address === '::',
      PEERS_PORT: settings.peersPort,
      CONTROL_PORT: settings.controlPort,
      ADMIN_PORT: settings.adminPort,
      STATS_PORT: statsPort ?? 0,
      STATS_HOSTS: `(?i)${ownHosts(settings.statsNames ?? [])}`,
      MAX_CONNECTIONS: settings.maxConnections,
      MAX_CONTROL_CONNECTIONS,
      HANDSHAKE_TIMEOUT: `${handshake}s`,
      IDLE_TIMEOUT: `${handshake + REQUEST_TIMEOUT}s`,
      MAX_STATS_CONNECTIONS,
      MAX_PLAIN_CONNECTIONS,
      MAX_DOWNSTREAM_CONNECTIONS:
        settings.maxConnections + MAX_CONTROL_CONNECTIONS + MAX_STATS_CONNECTIONS + 2 * MAX_PLAIN_CONNECTIONS,
      ACCEPT_BURST: Math.max(LEAST_ACCEPT_BURST, settings.maxConnections),
      ACCEPT_RATE: Math.max(LEAST_ACCEPT_RATE, Math.ceil(settings.maxConnections / COMES_BACK_AFTER)),
      MAX_HEAP_BYTES: heapBytesFor(settings.maxConnections),
      SERVER_CERTIFICATE: settings.serverCertificate,
      SERVER_KEY: settings.serverKey,
      SERVER_CERTIFICATE_DIR: dirname(settings.serverCertificate),
      CLIENT_CA: settings.clientCa,
      TRUST_DIR: dirname(clientCrl ?? settings.clientCa),
      CLIENT_CRL: clientCrl ?? '',
      SERVICE_SOCKET: settings.serviceSocket,
      CONTROL_SOCKET: settings.controlSocket,
      OTLP_TRACES_URL: tracesUrl?.href ?? '',
      OTLP_HOST: tracesUrl?.hostname.replace(/^\[|\]$/g, '') ?? '',
      OTLP_PORT: Number(tracesUrl?.port || 80),
    },
  };
}

/** How peers are sent on to one service: what is tried again waits for it, through a restart of about a second. */
const ONE_SERVICE = {
  SERVICE_DISCOVERY: 'STATIC',
  RETRY_ON: 'connect-failure',
  RETRY_SOONEST: '0.2s',
  RETRY_LATEST: '0.8s',
};
/** Where there are others, what is tried again goes to another one at once. `reset` is what makes a try without an answer end in another. */
const SEVERAL_REPLICAS = {
  SERVICE_DISCOVERY: 'EDS',
  RETRY_ON: 'connect-failure,reset',
  RETRY_SOONEST: '0.02s',
  RETRY_LATEST: '0.2s',
};

function tlsValues(tls: ReplicaTls | undefined): TemplateValues['values'] {
  if (tls === undefined) return {};
  return {
    REPLICA_CERTIFICATE: tls.certificate,
    REPLICA_KEY: tls.key,
    REPLICA_CERTIFICATE_DIR: dirname(tls.certificate),
    REPLICA_CA: tls.ca,
    REPLICA_CA_DIR: dirname(tls.ca),
    REPLICA_NAME: tls.name,
    REPLICA_NAME_TYPE: /^[a-z][a-z0-9+.-]*:/i.test(tls.name) ? 'URI' : 'DNS',
  };
}

/** A regular expression (RE2) that fits this text and no other. */
function expressionFor(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
