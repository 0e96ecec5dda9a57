import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { ListenAddress } from '../proxy/door/listen-address.js';
import type { Replica } from './replica.js';

/** The two files that list replicas: where peers go, and where operators go. Envoy takes one cluster's endpoints from a file. */
export const endpointFiles = ['eds/control.yaml', 'eds/rendezvous.yaml'] as const;

const WRITTEN_BY = `# The replicas that Envoy knows. Written by \`ws-proxy envoy render\` and \`ws-proxy envoy replicas\`, which rename it into
# place; Envoy does not see a change that is made in the file itself.
`;
const TYPE = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';

const socketAddress = z.object({ address: z.string(), port_value: z.int() });
const address = z.union([
  z.object({ pipe: z.object({ path: z.string() }) }),
  z.object({ socket_address: socketAddress }),
]);
const assignment = z.object({
  resources: z.tuple([
    z.object({
      endpoints: z.tuple([
        z.object({
          lb_endpoints: z.array(
            z.object({
              endpoint: z.object({
                hostname: z.string(),
                address,
                health_check_config: z.object({ address: z.object({ socket_address: socketAddress }) }),
              }),
            }),
          ),
        }),
      ]),
    }),
  ]),
});

type EndpointAddress = z.infer<typeof address>;

/** The files for these replicas, by name. `hasTls`: those at IP:PORT are reached by mutual TLS. */
export function writeEndpoints(
  replicas: readonly Replica[],
  hasTls: boolean,
): Map<(typeof endpointFiles)[number], string> {
  // In one order everywhere, so that two Envoys with the same replicas have the same files.
  const sorted = [...replicas].sort((one, other) => (one.name < other.name ? -1 : 1));
  return new Map([
    ['eds/control.yaml', fileOf('control', sorted, ({ control }) => control, hasTls)],
    ['eds/rendezvous.yaml', fileOf('rendezvous', sorted, ({ peers }) => peers, hasTls)],
  ]);
}

function fileOf(
  cluster: string,
  replicas: readonly Replica[],
  where: (replica: Replica) => ListenAddress | undefined,
  hasTls: boolean,
): string {
  const endpoints = replicas.flatMap((replica) => {
    const at = where(replica);
    return at === undefined ? [] : [endpointOf(replica, at, hasTls)];
  });
  const resource = { '@type': TYPE, cluster_name: cluster, endpoints: [{ lb_endpoints: endpoints }] };
  return WRITTEN_BY + stringify({ resources: [resource] }, { lineWidth: 0 });
}

function endpointOf({ name, health }: Replica, at: ListenAddress, hasTls: boolean): object {
  const isTls = hasTls && at.t === 'tcp';
  return {
    endpoint: {
      hostname: name,
      address: written(at),
      health_check_config: { address: written({ t: 'tcp', ...health }) },
    },
    metadata: {
      filter_metadata: {
        // Without it the hash is of the address, which differs from one Envoy to another and from one start to the next.
        'envoy.lb': { hash_key: name },
        ...(isTls && { 'envoy.transport_socket_match': { tls: true } }),
      },
    },
  };
}

function written(at: ListenAddress): EndpointAddress {
  if (at.t === 'unix') return { pipe: { path: at.path } };
  return { socket_address: { address: at.host, port_value: at.port } };
}

/** Reads both files back. Throws where a file is none of `writeEndpoints`. */
export function readEndpoints(rendezvous: string, control: string): Replica[] {
  const controls = new Map(endpointsIn(control).map(({ hostname, address: at }) => [hostname, at]));
  return endpointsIn(rendezvous).map(({ hostname, address: at, health_check_config: health }) => {
    const operators = controls.get(hostname);
    const { address: host, port_value: port } = health.address.socket_address;
    return {
      name: hostname,
      peers: read(at),
      health: { host, port },
      ...(operators && { control: read(operators) }),
    };
  });
}

function endpointsIn(text: string) {
  const { resources } = assignment.parse(parse(text));
  return resources[0].endpoints[0].lb_endpoints.map(({ endpoint }) => endpoint);
}

function read(at: EndpointAddress): ListenAddress {
  if ('pipe' in at) return { t: 'unix', path: at.pipe.path };
  return { t: 'tcp', host: at.socket_address.address, port: at.socket_address.port_value };
}
