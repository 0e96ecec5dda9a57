import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Replica } from '../../envoy/replica.js';
import { probeServer } from '../../proxy/door/probes.js';
import { type EchoUpstream, startEchoUpstream } from './echo-upstream.js';

/** What Envoy sees of a replica: a socket of peers, here an echo that names itself in `x-served-by`, and the service's own probes. */
export interface EchoReplica {
  readonly replica: Replica;
  readonly upstream: EchoUpstream;
  /** What `/readyz` says. */
  isReady: boolean;
  /** Ends it as a kill does: whoever connects is refused. */
  stop(): Promise<void>;
}

/** Starts one on that socket. */
export async function startEchoReplica(name: string, socket: string): Promise<EchoReplica> {
  const upstream = await startEchoUpstream(socket, name);
  const fault = (error: unknown): never => {
    throw error;
  };
  const notReady = (): string | undefined => (echo.isReady ? undefined : 'told so');
  const probes = probeServer({ notReady, fault, pages: {} }).listen(0, '127.0.0.1');
  await once(probes, 'listening');
  const { port } = probes.address() as AddressInfo;
  const echo: EchoReplica = {
    replica: { name, peers: { t: 'unix', path: socket }, health: { host: '127.0.0.1', port } },
    upstream,
    isReady: true,
    async stop() {
      await upstream.stop();
      if (!probes.listening) return;
      probes.close();
      probes.closeAllConnections();
      await once(probes, 'close');
    },
  };
  return echo;
}
