import { expect } from 'chai';
import { Bridge } from '../../peer/bridge.js';
import { FakeNetwork, sentBy, settled } from '../support/fake-network.js';
import type { FakeSocket } from '../support/fake-socket.js';
import { hello } from '../support/fixtures.js';
import { bridgeOptions } from '../support/http-way.js';
import { ask, type HttpAnswer, reasonOf } from '../support/peers.js';

/** The proxy closes for its restart, having taken that many messages. */
function restart(socket: FakeSocket, taken: number): void {
  socket.gone('closed_by_peer', 1012, `the proxy is restarting: retry in 2 s; messages taken: ${taken}`);
}

function requestsOn(socket: FakeSocket): Record<string, unknown>[] {
  return sentBy(socket).filter(({ messageType }) => messageType === 'REST:REQUEST');
}

/** Answers every request that has come with its body. */
function answerAll(socket: FakeSocket): void {
  for (const { messageId, messageBody } of requestsOn(socket)) {
    const head = { messageId: 1, messageType: 'REST:RESPONSE', requiresResponse: false, inResponseTo: messageId };
    const body = { statusCode: 200, reasonPhrase: 'OK', dataFormat: 'text/plain', messageBody };
    socket.receive(JSON.stringify({ message: { ...head, ...body } }));
  }
}

describe('a bridge whose proxy restarts', () => {
  let network: FakeNetwork;
  let socket: FakeSocket;
  let bridge: Bridge;
  let url: string;

  beforeEach(async () => {
    network = new FakeNetwork();
    socket = await network.paired();
    bridge = new Bridge(network.peer, { ...bridgeOptions, maxInFlight: 1, hold: 30_000, maxHeld: 1 });
    url = await bridge.listen();
  });

  afterEach(() => bridge.close());

  function post(body: string): Promise<HttpAnswer> {
    return ask(url, { method: 'POST', headers: ['Content-Type', 'text/plain'], body });
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await settled();
  }

  async function back(): Promise<FakeSocket> {
    network.clock.advance(4_000);
    const anew = await network.opened();
    anew.receive(hello());
    return anew;
  }

  it('[CLOSE-9] sends again, with its body, what was not taken, and then what came meanwhile', async () => {
    const early = post('early');
    await until(() => requestsOn(socket).length === 1);
    restart(socket, 1);
    const late = post('late');
    await until(() => bridge.waiting === 2);
    const anew = await back();
    for (const [count, seen] of [
      [1, early],
      [2, late],
    ] as const) {
      await until(() => requestsOn(anew).length === count);
      answerAll(anew);
      expect((await seen).status).to.equal(200);
    }
    expect(requestsOn(anew).map(({ messageBody }) => messageBody)).to.deep.equal(['early', 'late']);
  });

  it('refuses what is over the number that may wait', async () => {
    restart(socket, 1);
    const held = [post('1'), post('2')];
    await until(() => bridge.waiting === 2);
    const seen = await post('3');
    expect([seen.status, reasonOf(seen), seen.headers['retry-after']]).to.deep.equal([503, 'too_many', '1']);
    await network.peer.stop();
    for (const one of held) expect(reasonOf(await one)).to.equal('not_paired');
  });

  it('[CLOSE-9] answers 502 to what was taken: it may have been carried out', async () => {
    const taken = post('taken');
    await until(() => requestsOn(socket).length === 1);
    restart(socket, 2);
    const seen = await taken;
    expect([seen.status, reasonOf(seen)]).to.deep.equal([502, 'disconnected']);
  });
});
