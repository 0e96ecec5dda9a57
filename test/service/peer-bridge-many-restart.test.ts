import { expect } from 'chai';
import { ManyBridge } from '../../peer/many/many-bridge.js';
import { DialError } from '../../proxy/transport/dial/dial-error.js';
import { FakeNetwork, sentBy, settled } from '../support/fake-network.js';
import type { FakeSocket } from '../support/fake-socket.js';
import { hello } from '../support/fixtures.js';
import { bridgeOptions } from '../support/http-way.js';
import { ask, type HttpAnswer, reasonOf } from '../support/peers.js';

const BOUNDS = { maxMeetups: 2, maxPerMeetup: 4, wait: 5_000, idle: 600_000, hold: 30_000, maxHeld: 8 };

function requestsOn(socket: FakeSocket): Record<string, unknown>[] {
  return sentBy(socket).filter(({ messageType }) => messageType === 'REST:REQUEST');
}

/** The proxy closes for its restart, having taken nothing but the HELLO. */
function restart(socket: FakeSocket): void {
  socket.gone('closed_by_peer', 1012, 'the proxy is restarting: retry in 2 s; messages taken: 1');
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await settled();
}

describe('a bridge for many meetups whose proxy restarts', () => {
  let network: FakeNetwork;
  let bridge: ManyBridge;
  let url: string;
  /** The connection that the bridge closes at the end. */
  let living: FakeSocket | undefined;

  beforeEach(async () => {
    network = new FakeNetwork();
    living = undefined;
    const dial = (): FakeNetwork['peer'] => {
      network.peer = network.make();
      return network.peer;
    };
    bridge = new ManyBridge(dial, { ...bridgeOptions, ...BOUNDS });
    url = await bridge.listen();
  });

  afterEach(async () => {
    const closed = bridge.close();
    if (living !== undefined) {
      await until(() => living?.closedWith !== undefined);
      living.gone('closed_by_peer', 1000, '');
    }
    await closed;
  });

  function post(): Promise<HttpAnswer> {
    return ask(`${url}/sub/1/-/x`, { method: 'POST', headers: ['Content-Type', 'text/plain'], body: 'once' });
  }

  /** A call through a pair that was made for it, sent and not answered. */
  async function sent(): Promise<{ readonly call: Promise<HttpAnswer>; readonly socket: FakeSocket }> {
    const call = post();
    await until(() => network.dials.length === 1);
    const socket = await network.opened();
    socket.receive(hello());
    await until(() => requestsOn(socket).length === 1);
    return { call, socket };
  }

  /** The next dial after the restart. */
  async function dialsAgain(): Promise<void> {
    network.clock.advance(4_000);
    await until(() => network.dials.length === 2);
  }

  it('[CLOSE-9] makes again, when the pair is back, what was not taken', async () => {
    const { call, socket } = await sent();
    restart(socket);
    await dialsAgain();
    const anew = await network.opened();
    living = anew;
    anew.receive(hello());
    await until(() => requestsOn(anew).length === 1);
    const [{ messageId: inResponseTo, messageBody } = {}] = requestsOn(anew);
    const head = { messageId: 1, messageType: 'REST:RESPONSE', requiresResponse: false, inResponseTo };
    anew.receive(JSON.stringify({ message: { ...head, statusCode: 204, reasonPhrase: 'No Content' } }));
    expect([(await call).status, messageBody, bridge.list()[0]?.state]).to.deep.equal([204, 'once', 'idle']);
  });

  it('tells the calls that waited where it comes back and wants this bridge no more', async () => {
    const { call, socket } = await sent();
    restart(socket);
    await dialsAgain();
    const refusal = { t: 'refused', status: 403, reason: 'policy_denied', retry: 'never' } as const;
    network.dials.at(-1)?.fail(new DialError('the proxy refused the connection', refusal));
    for (const seen of [await call, await post()]) {
      expect([seen.status, reasonOf(seen)]).to.deep.equal([502, 'meetup_refused']);
      expect(seen.body.toString()).to.contain('"label":"policy_denied"');
    }
    expect(network.dials).to.have.length(2);
  });
});
