import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { options } from '../proxy/config/options.js';
import { faultOfPrefix } from '../proxy/wire/path.js';
import { faultOfReplicas, type Replica } from './replica.js';

/** The settings that differ from one installation of the edge to the next; everything else is in the YAML files beside this one. */
export interface EdgeSettings {
  /** Folder that the rendered files go to and that Envoy reads and watches; absolute. */
  readonly configDir: string;
  /** Address that both listeners bind: IPv4, or `::` for both families. */
  readonly address: string;
  /** The text before the meetup id in every path, as the service has it: `--path-prefix` of serve. */
  readonly pathPrefix: string;
  /** TCP ports, 0–65535; 0 lets the system choose, and Envoy's admin port says what it chose. */
  readonly peersPort: number;
  readonly controlPort: number;
  readonly adminPort: number;
  /**
   * Plain-HTTP port on `address` that answers `/stats/prometheus` and `/ready` and nothing else, for a scraper or a probe that
   * is not on this machine's loopback; without it there is none. Needs an admin port that is not 0.
   */
  readonly statsPort?: number;
  /** Names, besides those of the own network, by which a scraper may ask there; `any`: every name. */
  readonly statsNames?: readonly string[];
  /** Connections of peers at one time. Keep it above the service's own limit, which answers with a reason. */
  readonly maxConnections: number;
  /**
   * Time from a peer's connection to the end of its TLS handshake, whole seconds. When a fleet comes back at once, the last of it waits
   * here for its turn, so less than a fleet's handshakes take cuts honest peers off.
   */
  readonly handshakeTimeout?: number;
  /**
   * Whether each connection of a peer begins with a PROXY header, version 1 or 2, by what passes TLS through to this Envoy. Without one it is
   * closed then. Who reaches the port can write any address there, so nobody but that may reach it.
   */
  readonly proxyProtocol?: boolean;
  /** PEM files. Certificate and key share a folder: Envoy watches it. */
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly clientCa: string;
  /**
   * Without a list nobody counts as revoked at the handshake. With one, Envoy watches its folder instead of the CA's, since
   * lists change often and no new CA works without a new list: a change of the list has both read again.
   */
  readonly clientCrl?: string;
  /** Several replicas in the place of the one service on the two sockets below, which then are nobody's. */
  readonly fleet?: FleetSettings;
  /** Unix sockets of the service, at most 107 bytes each. */
  readonly serviceSocket: string;
  readonly controlSocket: string;
  /** Whether the control listener speaks JSON over HTTP beside gRPC. */
  readonly controlJson: boolean;
  /** The address that the edge's own spans go to, for example `http://127.0.0.1:4318/v1/traces`; without it nothing is traced. */
  readonly tracesUrl?: URL;
}

/** The replicas behind one Envoy. */
export interface FleetSettings {
  /** Who they are from now on; undefined: as the folder has it already, none at first. */
  readonly replicas?: readonly Replica[];
  /** Needed for those that are not on this machine. */
  readonly tls?: ReplicaTls;
}

/** Mutual TLS between Envoy and the replicas that are at IP:PORT, as PEM files. */
export interface ReplicaTls {
  /** What Envoy shows; certificate and key share a folder, which it watches. */
  readonly certificate: string;
  readonly key: string;
  /** Who signed the replicas' certificates; its folder is watched. */
  readonly ca: string;
  /** DNS or URI SAN that each of their certificates has. */
  readonly name: string;
}

/** A setting that cannot work; the message is one line that names it and says what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  /** As for a command line that was not understood. */
  readonly exitCode = 2;
}

/** `sockaddr_un` holds 108 bytes on Linux, the last is NUL. */
export const MAX_SOCKET_PATH_BYTES = 107;
/** Envoy's descriptors that belong to no peer: operators, scrapers, logs, watched files, and the workers' own. */
const RESERVED_FILES = 512;
/** One connection to the peer and one to the service. */
const FILES_PER_CONNECTION = 2;
/** The room above the service's limit in which newcomers are told that it is reached, as a share of that limit. */
const ROOM_FOR_REFUSALS = 1 / 3;

/** Connections for Envoy in front of a service with that limit: enough more that the service can refuse with a reason. */
export function edgeConnectionsFor(serviceConnections: number): number {
  return Math.ceil(serviceConnections * (1 + ROOM_FOR_REFUSALS));
}

/** File descriptors that Envoy needs for so many peers. */
export function openFilesFor(maxConnections: number): number {
  return FILES_PER_CONNECTION * maxConnections + RESERVED_FILES;
}

/** Peers for whom so many file descriptors are enough; the inverse of `openFilesFor`. */
export function connectionsWithin(openFiles: number): number {
  return Math.floor((openFiles - RESERVED_FILES) / FILES_PER_CONNECTION);
}

/** Peers' connections unless told otherwise: for a service that has its own default. */
export const DEFAULT_MAX_CONNECTIONS = edgeConnectionsFor(Number(options.maxConnections.default));
/** Two cores do some hundred handshakes a second beside their other work: a time for thousands. */
export const DEFAULT_HANDSHAKE_TIMEOUT = 30;
/** Operators' connections; watchers hold theirs for hours. */
export const MAX_CONTROL_CONNECTIONS = 256;
/** Scrapers and probes at `statsPort`. */
export const MAX_STATS_CONNECTIONS = 32;

/** Throws a SettingsError for the first setting that Envoy would refuse with a worse message, or not at all. */
export function checkSettings(settings: EdgeSettings): void {
  for (const name of ['peersPort', 'controlPort', 'adminPort'] as const) checkPort(name, settings[name]);
  if (!Number.isSafeInteger(settings.maxConnections) || settings.maxConnections < 1) {
    throw new SettingsError(`maxConnections must be a whole number above 0, not ${settings.maxConnections}`);
  }
  if (isIP(settings.address) === 0) {
    throw new SettingsError(`address must be an IP address to bind, not ${JSON.stringify(settings.address)}`);
  }
  const prefixFault = faultOfPrefix(settings.pathPrefix);
  if (prefixFault !== undefined) {
    throw new SettingsError(`pathPrefix ${JSON.stringify(settings.pathPrefix)} is refused: ${prefixFault}`);
  }
  checkSameFolder('serverCertificate and serverKey', settings.serverCertificate, settings.serverKey);
  const { tls } = settings.fleet ?? {};
  if (tls !== undefined) checkSameFolder('certificate and key for the replicas', tls.certificate, tls.key);
  const fleetFault = faultOfReplicas(settings.fleet?.replicas ?? [], tls !== undefined);
  if (fleetFault !== undefined) throw new SettingsError(fleetFault);
  if (settings.statsPort !== undefined) checkStatsPort(settings.statsPort, settings.adminPort);
  for (const name of ['serviceSocket', 'controlSocket'] as const) checkSocket(name, settings[name]);
  if (settings.tracesUrl !== undefined && settings.tracesUrl.protocol !== 'http:') {
    throw new SettingsError(
      `the traces endpoint must be http, not ${settings.tracesUrl.protocol} (${settings.tracesUrl.href}): ` +
        'run a collector next to the edge and let it speak TLS onward',
    );
  }
}

function checkSameFolder(what: string, first: string, second: string): void {
  if (dirname(first) === dirname(second)) return;
  throw new SettingsError(`${what} must lie in one folder, which Envoy watches: ${first}, ${second}`);
}

function checkPort(name: string, port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new SettingsError(`${name} must be a port from 0 to 65535, not ${port}`);
}

function checkStatsPort(statsPort: number, adminPort: number): void {
  checkPort('statsPort', statsPort);
  if (adminPort === 0) throw new SettingsError('statsPort reads from the admin port: adminPort must not be 0 then');
}

function checkSocket(name: string, path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_SOCKET_PATH_BYTES) return;
  throw new SettingsError(
    `${name} is ${bytes} bytes long and a unix socket's path may have ${MAX_SOCKET_PATH_BYTES}: ` +
      `put it in a shorter folder (${path})`,
  );
}
