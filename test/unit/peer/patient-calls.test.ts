import { expect } from 'chai';
import { PatientCalls } from '../../../peer/patient-calls.js';
import { FakeNetwork, failure, sentBy, settled } from '../../support/fake-network.js';
import type { FakeSocket } from '../../support/fake-socket.js';
import { hello } from '../../support/fixtures.js';

const HOLD = 30_000;
const gatewayOf = (concurrency: number): string => hello().replace('"peerId"', `"concurrency":${concurrency},"peerId"`);

function respond(socket: FakeSocket, inResponseTo: number): void {
  const head = { messageId: 1, messageType: 'REST:RESPONSE', requiresResponse: false };
  socket.receive(JSON.stringify({ message: { ...head, inResponseTo, statusCode: 200, reasonPhrase: 'OK' } }));
}

/** The proxy closes for its restart, having taken that many messages. */
function restart(socket: FakeSocket, taken: number): void {
  socket.gone('closed_by_peer', 1012, `the proxy is restarting: retry in 2 s; messages taken: ${taken}`);
}

function pathsOf(socket: FakeSocket): unknown[] {
  return sentBy(socket).flatMap(({ messageType, path }) => (messageType === 'REST:REQUEST' ? [path] : []));
}

describe('calls of a peer whose proxy restarts', () => {
  let network: FakeNetwork;
  let socket: FakeSocket;
  let calls: PatientCalls;

  beforeEach(async () => {
    network = new FakeNetwork();
    socket = await network.paired();
    calls = patient(HOLD);
  });

  function patient(hold: number): PatientCalls {
    return new PatientCalls(network.peer, { hold, atOnce: 4 }, network.clock);
  }

  function call(path: string, signal?: AbortSignal): Promise<number> {
    const attempt = () => network.peer.request({ method: 'POST', path, timeout: 60_000 });
    return calls.make(attempt, signal).then(({ statusCode }) => statusCode);
  }

  /** The peer dials anew, and the other one is there. */
  async function back(greeting = hello()): Promise<FakeSocket> {
    network.clock.advance(4_000);
    const anew = await network.opened();
    anew.receive(greeting);
    await settled();
    return anew;
  }

  it('wait while the session moves, and are made when it is back', async () => {
    restart(socket, 1);
    expect(calls.holds).to.equal(true);
    const answer = call('/a');
    await settled();
    expect(calls.waiting).to.equal(1);
    const anew = await back();
    expect(pathsOf(anew)).to.deep.equal(['/a']);
    respond(anew, 1);
    expect(await answer).to.equal(200);
    expect([calls.holds, calls.waiting, network.clock.timers]).to.deep.equal([false, 0, 1]);
  });

  it('[CLOSE-9] are made again, before all others, where they were not taken; one that was taken fails', async () => {
    const [taken, not] = [failure(call('/taken')), call('/not')];
    // The HELLO is the first message.
    restart(socket, 2);
    const later = call('/later');
    expect(await taken).to.equal('disconnected');
    const anew = await back(gatewayOf(1));
    expect(pathsOf(anew)).to.deep.equal(['/not']);
    respond(anew, 1);
    expect(await not).to.equal(200);
    await settled();
    expect(pathsOf(anew)).to.deep.equal(['/not', '/later']);
    respond(anew, 2);
    expect(await later).to.equal(200);
  });

  it('[CLOSE-9] fail where the proxy says no count, or not that it restarts', async () => {
    for (const [code, reason] of [
      [1012, 'the proxy is restarting: retry in 2 s'],
      [1012, 'messages taken: 1'],
      [1002, 'the peer websocket disconnected: messages taken: 1'],
      [4410, 'kicked by an operator; messages taken: 1'],
    ] as const) {
      const lost = failure(call('/a'));
      socket.gone('closed_by_peer', code, reason);
      expect([reason, await lost]).to.deep.equal([
        reason,
        code === 1012 && reason.startsWith('m') ? 'not_taken' : 'disconnected',
      ]);
      network = new FakeNetwork();
      socket = await network.paired();
      calls = patient(0);
    }
  });

  it('fail at once when the other peer went and the proxy did not', async () => {
    socket.gone('closed_by_peer', 1002, 'the peer websocket disconnected');
    expect(calls.holds).to.equal(false);
    expect(await failure(call('/a'))).to.equal('not_paired');
  });

  it('wait no longer than they may, and then new ones do not wait at all', async () => {
    restart(socket, 1);
    const early = failure(call('/early'));
    network.clock.advance(HOLD - 1);
    const late = failure(call('/late'));
    network.clock.advance(1);
    expect(await early).to.equal('moved');
    expect(await failure(call('/new'))).to.equal('not_paired');
    expect(calls.waiting).to.equal(1);
    network.clock.advance(HOLD);
    expect(await late).to.equal('moved');
  });

  it('go on as many at one time as the other peer works on', async () => {
    restart(socket, 1);
    const answers = ['/1', '/2', '/3', '/4', '/5'].map((path) => call(path));
    const anew = await back(gatewayOf(2));
    expect(pathsOf(anew)).to.deep.equal(['/1', '/2']);
    const sixth = call('/6');
    for (let id = 1; id <= 6; id += 1) {
      respond(anew, id);
      await settled();
    }
    expect(pathsOf(anew)).to.deep.equal(['/1', '/2', '/3', '/4', '/5', '/6']);
    expect(await Promise.all([...answers, sixth])).to.deep.equal([200, 200, 200, 200, 200, 200]);
    expect(calls.holds).to.equal(false);
  });

  it('end with their caller, or with the peer', async () => {
    restart(socket, 1);
    const caller = new AbortController();
    const [given, left] = [failure(call('/given-up', caller.signal)), failure(call('/left'))];
    await settled();
    caller.abort();
    expect(await given).to.equal('aborted');
    await network.peer.stop();
    expect(await left).to.equal('not_paired');
    expect([calls.waiting, network.clock.timers]).to.deep.equal([0, 0]);
  });

  it('do not wait where nothing is held back', async () => {
    calls = patient(0);
    const [lost] = [failure(call('/a'))];
    restart(socket, 1);
    expect(await lost).to.equal('not_taken');
    expect(await failure(call('/b'))).to.equal('not_paired');
  });
});
