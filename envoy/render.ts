import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '../certs/folder.js';
import { ownHosts } from '../proxy/door/host-names.js';
import { publishedKeyFaultIn } from '../proxy/x509/published-keys.js';
import { refusalValues } from './refusals.js';
import {
  checkSettings,
  DEFAULT_HANDSHAKE_TIMEOUT,
  type EdgeSettings,
  MAX_CONTROL_CONNECTIONS,
  MAX_STATS_CONNECTIONS,
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

/** Envoy itself, its stats and its routes, before the first connection. */
const BASE_HEAP_BYTES = 256 * 1024 * 1024;
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
  for (const path of [settings.clientCa, settings.serverCertificate]) await refusePublished(path);
  const filling = fillingOf(settings);
  for (const name of edgeFiles) {
    const text = fill(await readFile(join(templates, name), 'utf8'), filling);
    await replace(join(settings.configDir, name), text);
  }
  return join(settings.configDir, 'envoy.yaml');
}

/** Files that are there are looked at; they may come later, too. */
async function refusePublished(path: string): Promise<void> {
  const fault = publishedKeyFaultIn(await readFile(path, 'latin1').catch(() => ''));
  if (fault !== undefined) throw new SettingsError(`${path}: ${fault}`);
}

function fillingOf(settings: EdgeSettings): TemplateValues {
  const { clientCrl, controlJson, statsPort, tracesUrl } = settings;
  const handshake = settings.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT;
  return {
    blocks: {
      crl: clientCrl !== undefined,
      json: controlJson,
      tracing: tracesUrl !== undefined,
      stats: statsPort !== undefined,
    },
    values: {
      ...refusalValues(settings.pathPrefix),
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
      MAX_DOWNSTREAM_CONNECTIONS: settings.maxConnections + MAX_CONTROL_CONNECTIONS + MAX_STATS_CONNECTIONS,
      ACCEPT_BURST: Math.max(LEAST_ACCEPT_BURST, settings.maxConnections),
      ACCEPT_RATE: Math.max(LEAST_ACCEPT_RATE, Math.ceil(settings.maxConnections / COMES_BACK_AFTER)),
      MAX_HEAP_BYTES: BASE_HEAP_BYTES + settings.maxConnections * HEAP_BYTES_PER_CONNECTION,
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

/** A regular expression (RE2) that fits this text and no other. */
function expressionFor(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A change of `lds.yaml` closes websockets, so a file that would stay the same is not written. */
async function replace(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return;
  await makeFolder(dirname(path));
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, text);
  await rename(fresh, path);
}
