import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEnvoyPart } from '../../dev/envoy.js';
import { get, waitFor } from '../../dev/wait.js';
import { envoyBinary } from './envoy.js';
import type { IssuedCertificate } from './raw-authority.js';

const [START_MS, STOP_MS] = [20_000, 5_000];
const EXTENSIONS = 'type.googleapis.com/envoy.extensions';

/** Where an Envoy of the mesh sends what it got: a TCP port of this machine, or a unix socket. */
export interface MeshDestination {
  readonly to: number | string;
  /** `trafficPolicy.proxyProtocol` of a DestinationRule. */
  readonly proxyProtocol?: 'V1' | 'V2';
}

/** How a server of the mesh ends TLS. */
export interface MeshTls {
  readonly server: IssuedCertificate;
  /** PEM of the CA of the clients. */
  readonly clientCa: string;
}

/** A server of a mesh's Envoy: its listener, and where it leads. */
export interface MeshServer extends MeshDestination {
  readonly name: string;
  readonly filterChain: object;
}

/** A server of an ingress Gateway with `tls.mode: PASSTHROUGH`, and a VirtualService that routes that SNI. */
export function passthrough(name: string, sniHost: string, destination: MeshDestination): MeshServer {
  const tcpProxy = { stat_prefix: name, cluster: name };
  const filters = [filter('tcp_proxy', `${EXTENSIONS}.filters.network.tcp_proxy.v3.TcpProxy`, tcpProxy)];
  return { name, ...destination, filterChain: { filter_chain_match: { server_names: [sniHost] }, filters } };
}

/** A server of an ingress Gateway with `tls.mode: MUTUAL`, as it is unless `gatewayTopology` says another way of forwarding. */
export function mutualGateway(
  name: string,
  tls: MeshTls,
  destination: MeshDestination,
  how = 'SANITIZE_SET',
): MeshServer {
  const forwarding = {
    forward_client_cert_details: how,
    ...(how === 'SANITIZE_SET' || how === 'APPEND_FORWARD'
      ? { set_current_client_cert_details: { subject: true, cert: true, uri: true, dns: true } }
      : {}),
  };
  return httpServer(name, tls, destination, { use_remote_address: true, ...forwarding });
}

/** The inbound side of a sidecar, which ends the mutual TLS of the mesh. */
export function sidecar(name: string, tls: MeshTls, destination: MeshDestination): MeshServer {
  const forwarding = {
    forward_client_cert_details: 'APPEND_FORWARD',
    set_current_client_cert_details: { subject: true, uri: true, dns: true },
  };
  return httpServer(name, tls, destination, { use_remote_address: false, ...forwarding });
}

function httpServer(name: string, tls: MeshTls, destination: MeshDestination, more: object): MeshServer {
  const route = {
    match: { prefix: '/' },
    route: {
      cluster: name,
      timeout: '0s',
      retry_policy: {
        retry_on: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
        num_retries: 2,
      },
    },
  };
  const manager = {
    stat_prefix: name,
    server_name: 'istio-envoy',
    normalize_path: true,
    path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
    stream_idle_timeout: '0s',
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    route_config: { name, virtual_hosts: [{ name, domains: ['*'], routes: [route] }] },
    http_filters: [filter('router', `${EXTENSIONS}.filters.http.router.v3.Router`, {})],
    ...more,
  };
  const type = `${EXTENSIONS}.filters.network.http_connection_manager.v3.HttpConnectionManager`;
  const filters = [filter('http_connection_manager', type, manager)];
  const context = {
    require_client_certificate: true,
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_params: { tls_minimum_protocol_version: 'TLSv1_2' },
      tls_certificates: [
        {
          certificate_chain: { inline_string: tls.server.certificate },
          private_key: { inline_string: tls.server.key },
        },
      ],
      validation_context: { trusted_ca: { inline_string: tls.clientCa } },
    },
  };
  const socket = filter('tls', `${EXTENSIONS}.transport_sockets.tls.v3.DownstreamTlsContext`, context);
  return { name, ...destination, filterChain: { transport_socket: socket, filters } };
}

/** A real Envoy with servers as Istio's control plane makes them. */
export interface MeshEnvoy {
  /** The port of the server of that name. */
  port(name: string): number;
  stop(): Promise<void>;
}

/** Starts it on ports of the system's choice. */
export async function startMesh(servers: readonly MeshServer[]): Promise<MeshEnvoy> {
  const dir = mkdtempSync(join(tmpdir(), 'ws-proxy-mesh-'));
  const bootstrap = join(dir, 'bootstrap.json');
  const loopback = { socket_address: { address: '127.0.0.1', port_value: 0 } };
  const tlsInspector = filter('tls_inspector', `${EXTENSIONS}.filters.listener.tls_inspector.v3.TlsInspector`, {});
  const listeners = servers.map(({ name, filterChain }) => ({
    ...{ name, address: loopback, traffic_direction: 'INBOUND' },
    ...{ listener_filters: [tlsInspector], filter_chains: [filterChain] },
  }));
  const config = { admin: { address: loopback }, static_resources: { listeners, clusters: servers.map(clusterOf) } };
  writeFileSync(bootstrap, JSON.stringify(config));
  const part = startEnvoyPart({ binary: envoyBinary(), bootstrap, logDir: dir, workers: 1 });
  const stop = async (): Promise<void> => {
    await part.stop(STOP_MS);
    rmSync(dir, { recursive: true });
  };
  const died = new AbortController();
  part.ended.then((how) => died.abort(new Error(`the Envoy of the mesh ${how}`)));
  try {
    const ports = await waitFor('the Envoy of the mesh did not listen', START_MS, died.signal, () =>
      portsFrom(join(dir, 'envoy-admin.address'), servers.length),
    );
    return { port: (name) => ports.get(name) ?? 0, stop };
  } catch (error) {
    const log = await readFile(part.log, 'utf8').catch(String);
    await stop();
    throw new Error(`${error instanceof Error ? error.message : error}\n${log}`);
  }
}

interface Listeners {
  listener_statuses?: { name: string; local_address: { socket_address: { port_value: number } } }[];
}

async function portsFrom(adminFile: string, count: number): Promise<ReadonlyMap<string, number> | undefined> {
  const admin = await readFile(adminFile, 'utf8').catch(() => '');
  if (admin === '' || (await get(`http://${admin}/ready`)) === undefined) return undefined;
  const { listener_statuses: all = [] }: Listeners = JSON.parse(
    (await get(`http://${admin}/listeners?format=json`)) ?? '{}',
  );
  const ports = all.map(({ name, local_address }) => [name, local_address.socket_address.port_value] as const);
  return ports.length === count && ports.every(([, port]) => port > 0) ? new Map(ports) : undefined;
}

function clusterOf({ name, to, proxyProtocol }: MeshServer): object {
  const raw = filter('raw_buffer', `${EXTENSIONS}.transport_sockets.raw_buffer.v3.RawBuffer`, {});
  const upstream = `${EXTENSIONS}.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport`;
  const wrapped = { config: { version: proxyProtocol }, transport_socket: raw };
  const address =
    typeof to === 'string' ? { pipe: { path: to } } : { socket_address: { address: '127.0.0.1', port_value: to } };
  return {
    ...{ name, type: 'STATIC', connect_timeout: '10s' },
    transport_socket: proxyProtocol === undefined ? raw : filter('upstream_proxy_protocol', upstream, wrapped),
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

function filter(name: string, type: string, config: object): object {
  return { name: `envoy.${name}`, typed_config: { '@type': type, ...config } };
}
