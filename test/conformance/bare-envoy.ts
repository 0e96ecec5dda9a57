import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startEnvoy } from '../../dev/envoy.js';
import { envoyBinary } from '../support/envoy.js';
import type { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';

/** An Envoy with nothing but its own defaults: mutual TLS and a route to the same sockets. What the product is held against. */
export interface BareEnvoy {
  readonly ports: { readonly peers: number; readonly control: number };
  stop(): Promise<void>;
}

export interface BarePlan {
  readonly authority: RawAuthority;
  /** Unix sockets of the service. */
  readonly service: string;
  readonly control: string;
}

const STOP_MS = 5_000;

export async function startBareEnvoy(plan: BarePlan): Promise<BareEnvoy> {
  const scratch = new Scratch();
  const server = plan.authority.issue({ subject: [], names: [{ dns: 'localhost' }] });
  const files = {
    certificate: scratch.write('server.cert.pem', server.certificate),
    key: scratch.write('server.key.pem', server.key),
    ca: scratch.write('root.cert.pem', plan.authority.certificate),
  };
  const logDir = join(scratch.directory, 'logs');
  await mkdir(logDir);
  const bootstrap = scratch.write('envoy.yaml', JSON.stringify(configuration(plan, files)));
  const { ports, part } = await startEnvoy({ binary: envoyBinary(), bootstrap, logDir, workers: 1 });
  return {
    ports,
    stop: async () => {
      await part.stop(STOP_MS);
      scratch.remove();
    },
  };
}

type Files = Readonly<Record<'certificate' | 'key' | 'ca', string>>;

function configuration({ service, control }: BarePlan, files: Files): object {
  const loopback = { socket_address: { address: '127.0.0.1', port_value: 0 } };
  const listeners = [
    ['peers', ['http/1.1'], { upgrade_configs: [{ upgrade_type: 'websocket' }] }],
    ['control', ['h2', 'http/1.1'], {}],
  ] as const;
  return {
    admin: { address: loopback },
    static_resources: {
      listeners: listeners.map(([name, alpn, more]) => ({
        name,
        address: loopback,
        filter_chains: [{ transport_socket: tls(alpn, files), filters: [http(name, more)] }],
      })),
      clusters: [
        cluster('peers', service, 'http_protocol_options'),
        cluster('control', control, 'http2_protocol_options'),
      ],
    },
  };
}

function tls(alpn: readonly string[], { certificate, key, ca }: Files): object {
  const credential = { certificate_chain: { filename: certificate }, private_key: { filename: key } };
  return typed('transport_sockets.tls.v3.DownstreamTlsContext', 'envoy.transport_sockets.tls', {
    require_client_certificate: true,
    common_tls_context: {
      alpn_protocols: alpn,
      tls_certificates: [credential],
      validation_context: { trusted_ca: { filename: ca } },
    },
  });
}

function http(name: string, more: object): object {
  const routes = [{ match: { prefix: '/' }, route: { cluster: name } }];
  return typed(
    'filters.network.http_connection_manager.v3.HttpConnectionManager',
    'envoy.filters.network.http_connection_manager',
    {
      stat_prefix: name,
      ...more,
      route_config: { virtual_hosts: [{ name, domains: ['*'], routes }] },
      http_filters: [typed('filters.http.router.v3.Router', 'envoy.filters.http.router', {})],
    },
  );
}

function cluster(name: string, path: string, protocol: string): object {
  const endpoint = { endpoint: { address: { pipe: { path } } } };
  const type = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    name,
    type: 'STATIC',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': type,
        explicit_http_config: { [protocol]: {} },
      },
    },
  };
}

function typed(type: string, name: string, config: object): object {
  return { name, typed_config: { '@type': `type.googleapis.com/envoy.extensions.${type}`, ...config } };
}
