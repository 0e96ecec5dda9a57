import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bridge, type BridgeOptions } from '../../peer/bridge.js';
import { PeerConnection } from '../../peer/connection.js';
import { gateway } from '../../peer/gateway.js';
import { servesNothing } from '../../peer/responder.js';
import { reached } from './peers.js';
import { startService } from './service.js';
import { startTlsFront } from './tls-front.js';

/** Bytes of a body that the way takes. */
export const MAX_BODY = 1024 * 1024;
/** Requests that the gateway works on at one time. */
export const CONCURRENT = 8;

/** Options of the way's bridge, for further bridges beside it. */
export const bridgeOptions: BridgeOptions = {
  host: '127.0.0.1',
  port: 0,
  timeout: 5_000,
  maxBody: MAX_BODY,
  maxInFlight: 16,
  hold: 0,
  maxHeld: 0,
};

/** The parts on the way of an HTTP request: a bridge, its peer, the service, the gateway's peer, a gateway in front of an API. */
export interface PeerWay {
  /** URL of the bridge. */
  readonly http: string;
  readonly manager: PeerConnection;
  readonly gateway: PeerConnection;
  /** Starts the peers; resolves when they are a pair. */
  pair(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole way of an HTTP request, with an API below `/api`. */
export interface HttpWay extends PeerWay {
  readonly apiPort: number;
  /** The API's handler of requests; tests put their own here. */
  answer: RequestListener;
}

/** Starts all parts but the peers. `places` are the numbers of requests at one time, at the bridge and at the gateway. */
export async function startPeerWay(
  upstream: URL,
  places: { readonly bridge: number; readonly gateway: number },
): Promise<PeerWay> {
  const service = await startService();
  const front = await startTlsFront(service.socketPath);
  const api = gateway({ upstream, timeout: 2_000, maxBody: MAX_BODY, maxConnections: places.gateway });
  const peer = (peerClass: string, handler: typeof api.handler): PeerConnection => {
    const own = front.client(peerClass);
    return new PeerConnection({
      url: `${front.origin}/micronets/v1/ws-proxy/sub/8675309/00224dd149bb`,
      claims: { peerClass, peerId: '1' },
      credentials: () => own,
      handler,
      limits: { concurrent: places.gateway },
    });
  };
  const manager = peer('manager', servesNothing);
  const gate = peer('gateway', api.handler);
  const bridge = new Bridge(manager, { ...bridgeOptions, maxInFlight: places.bridge });
  return {
    http: await bridge.listen(),
    manager,
    gateway: gate,
    pair: async () => {
      manager.start();
      gate.start();
      await Promise.all([reached(manager, 'paired'), reached(gate, 'paired')]);
    },
    stop: async () => {
      await bridge.close();
      await Promise.all([manager.stop(), gate.stop()]);
      api.close();
      await front.stop();
      await service.stop();
    },
  };
}

/** Starts all parts but the peers, with an API. */
export async function startHttpWay(): Promise<HttpWay> {
  const api: Server = createServer((request, response) => way.answer(request, response));
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const { port: apiPort } = api.address() as AddressInfo;
  const places = { bridge: bridgeOptions.maxInFlight, gateway: CONCURRENT };
  const peers = await startPeerWay(new URL(`http://127.0.0.1:${apiPort}/api/`), places);
  const way: HttpWay = {
    ...peers,
    apiPort,
    answer: (_request, response) => response.end(),
    stop: async () => {
      await peers.stop();
      api.close();
    },
  };
  return way;
}
