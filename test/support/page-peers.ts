import { once } from 'node:events';
import { WebSocket } from 'ws';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { hello } from './fixtures.js';
import { request, response } from './pair.js';
import { identityHeaders, type Service } from './service.js';

/** A manager and a gateway that met at the service, behind no edge. */
export class PagePeers {
  readonly manager: WebSocket;
  readonly gateway: WebSocket;
  #id = 1;

  private constructor(manager: WebSocket, gateway: WebSocket) {
    this.manager = manager;
    this.gateway = gateway;
  }

  static async meet(service: Service, meetupId: string, gatewayId = 'gw service 1'): Promise<PagePeers> {
    const gateway = await sit(service, meetupId, 'gateway', gatewayId);
    const manager = await sit(service, meetupId, 'manager', 'manager 1');
    await Promise.all([once(manager, 'message'), once(gateway, 'message')]);
    return new PagePeers(manager, gateway);
  }

  /** One call from the manager to the gateway; resolves when the response is there. */
  async call(path: string, status = 200, headers: readonly { name: string; value: string }[] = []): Promise<void> {
    this.#id += 1;
    const answered = once(this.manager, 'message');
    this.gateway.once('message', () => this.gateway.send(response(this.#id, status)));
    this.manager.send(request(this.#id, { path, headers }));
    await answered;
  }

  /** Closes both peers; resolves when they are gone. */
  async leave(): Promise<void> {
    const gone = [this.manager, this.gateway].map((one) => once(one, 'close'));
    this.manager.close();
    await Promise.all(gone);
  }
}

/** One peer that says HELLO. */
export async function sit(service: Service, meetupId: string, cn: string, peerId: string): Promise<WebSocket> {
  const headers = identityHeaders({ cn, fingerprint: Buffer.from(cn.padEnd(32)).toString('hex') });
  const ws = new WebSocket(`ws+unix:${service.socketPath}:${MEETUP_PREFIX}${meetupId}`, { headers });
  await once(ws, 'open');
  ws.send(hello(peerId));
  return ws;
}
