import { join } from 'node:path';
import type { Target } from '../../../bench/target.js';
import type { ProcessIds } from '../../../bench/window.js';
import { startNats, type TestNats } from '../../support/nats.js';
import type { Stage } from '../stage.js';
import { untraced } from '../variants.js';
import { startOriginal } from './original.js';
import type { Speech } from './visit.js';

/** One of those that are compared. */
export interface Contender {
  /** The head of its column. */
  readonly title: string;
  readonly speech: Speech;
  readonly target: Target;
  /** `service` and, where it is behind one, `envoy` are the whole way of a message. */
  readonly watched: ProcessIds;
  /** Visits in a run. */
  readonly visits: number;
  stop(): Promise<void>;
}

/** A service of the stage, behind Envoy. */
export function staged(stage: Stage, name: string, title: string, visits: number): Contender {
  return {
    title,
    speech: 'websocket',
    target: stage.target(name),
    watched: stage.watched(name),
    visits,
    stop: async () => {},
  };
}

/** A NATS server as its operator would set it up for this: both sides show certificates, everything else is its default. */
export function startBroker(certs: string, core: number | undefined): Promise<TestNats> {
  const file = (name: string): string => JSON.stringify(join(certs, name));
  return startNats({
    config: `tls { cert_file: ${file('server.cert.pem')}, key_file: ${file('server.key.pem')}, ca_file: ${file('root.cert.pem')}, verify: true }`,
    jetstream: false,
    pingInterval: '2m',
    ...(core === undefined ? {} : { core }),
  });
}

export async function broker(stage: Stage, core: number | undefined, visits: number): Promise<Contender> {
  const nats = await startBroker(stage.certs, core);
  return {
    title: 'NATS',
    speech: 'nats',
    target: { ...stage.target(untraced.name), url: nats.url },
    watched: outside(stage, nats.pid),
    visits,
    stop: () => nats.remove(),
  };
}

/** The Micronets proxy, which ends TLS itself. One visit: each pair that comes or goes costs more the more there are. */
export async function original(
  stage: Stage,
  core: number | undefined,
  { checkout, python }: { readonly checkout: string; readonly python: string | undefined },
): Promise<Contender> {
  const { pid, port, stop } = await startOriginal({
    checkout,
    python: python ?? join(checkout, 'virtualenv/bin/python'),
    serverCertificate: join(stage.certs, 'server.pkeycert.pem'),
    clientCa: join(stage.certs, 'root.cert.pem'),
    core,
  });
  const target = stage.target(untraced.name);
  const url = new URL(target.url);
  url.port = String(port);
  return {
    title: 'Micronets proxy',
    speech: 'websocket',
    target: { ...target, url: url.href },
    watched: outside(stage, pid),
    visits: 1,
    stop,
  };
}

/** A process that no Envoy is before. */
function outside(stage: Stage, pid: number): ProcessIds {
  const { driver } = stage.watched(untraced.name);
  return { service: pid, ...(driver === undefined ? {} : { driver }) };
}
