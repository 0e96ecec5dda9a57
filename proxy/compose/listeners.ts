import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/options.js';
import { ListenError, listen } from '../door/listen.js';
import { parseListen } from '../door/listen-address.js';
import { metricsPage } from '../door/metrics-page.js';
import { type ProbeParts, probeServer } from '../door/probes.js';
import { edgeServer } from '../door/server.js';
import { edgeTls } from '../door/tls-files.js';
import type { UpgradeEdge } from '../door/upgrade.js';
import type { Clock } from '../ports/clock.js';
import type { Telemetry } from './telemetry.js';
import { openTls } from './tls.js';
import type { Undo } from './unwind.js';

export interface ListenerParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Takes the steps by which what was opened beside the listener is closed again, also where it cannot listen. */
  readonly undo: Undo[];
}

/** Closes a listener with the connections that HTTP still knows; upgraded ones are the edge's. */
export type Close = () => void;

/** Listens for peers, whom the edge sends, once `ready` resolves. Throws ListenError and the faults of the TLS files. */
export async function listenForPeers(
  { config, clock, telemetry, undo }: ListenerParts,
  edge: UpgradeEdge,
  { ready, backlog }: { ready(): Promise<void>; readonly backlog: number },
): Promise<Close> {
  const { fault } = telemetry;
  const address = parseListen(config.listen);
  if ('fault' in address) throw new ListenError(`--listen ${config.listen}: ${address.fault}`);
  const tls = await openTls('service', {
    read: () => edgeTls(address.ok, config),
    ...{ telemetry, clock, undo },
  });
  await ready();
  const server = edgeServer(edge, tls?.present);
  tls?.keep(server);
  await listen(server, address.ok, { option: 'listen', backlog, fault });
  return () => closeServer(server);
}

/** Listens for whoever asks for metrics, probes and the page. `port` is the one that it got. Throws ListenError. */
export async function listenForProbes(
  { config, telemetry }: Pick<ListenerParts, 'config' | 'telemetry'>,
  { notReady, pages }: Pick<ProbeParts, 'notReady' | 'pages'>,
): Promise<{ readonly port: number; readonly close: Close }> {
  const { fault } = telemetry;
  const metrics = metricsPage(() => telemetry.metrics.renderPrometheus(), config.metricsNames);
  const server = probeServer({ notReady, fault, pages: { '/metrics': metrics, ...pages } });
  const address = { t: 'tcp', host: config.metricsHost, port: config.metricsPort } as const;
  await listen(server, address, { option: 'metrics-port', fault });
  const { port } = server.address() as AddressInfo;
  return { port, close: () => closeServer(server) };
}

function closeServer(server: Pick<Server, 'close' | 'closeAllConnections'>): void {
  server.close();
  server.closeAllConnections();
}
