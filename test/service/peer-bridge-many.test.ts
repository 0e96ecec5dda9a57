import { expect } from 'chai';
import { jsonBody } from '../../peer/body.js';
import { PeerConnection } from '../../peer/connection.js';
import type { NameValue } from '../../peer/headers.js';
import type { ListedMeetup } from '../../peer/many/listed-meetup.js';
import { ManyBridge, type ManyBridgeOptions } from '../../peer/many/many-bridge.js';
import { meetupUrl } from '../../peer/many/meetup-address.js';
import { type Handler, servesNothing } from '../../peer/responder.js';
import { bridgeOptions, MAX_BODY } from '../support/http-way.js';
import { ask, errorOf, type HttpAnswer, reached, reasonOf } from '../support/peers.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';
import { startTlsFront, type TlsFront } from '../support/tls-front.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const POLICY = `version: 1
mode: enforce
rules:
  - name: everybody below sub
    match: any
    meetups: ["sub/**"]
`;

interface Echo {
  readonly by: string;
  readonly path: string;
  readonly headers: readonly NameValue[];
}

function echoOf({ status, body }: HttpAnswer): Echo {
  expect(status).to.equal(200);
  return JSON.parse(body.toString()) as Echo;
}

describe('one bridge for many meetups', () => {
  let service: Service;
  let front: TlsFront;
  let scratch: Scratch;
  let peers: PeerConnection[];
  /** The bridge's connections, with the ids of their meetups. */
  let dialled: { readonly id: string; readonly peer: PeerConnection }[];
  let bridges: ManyBridge[];
  let news: string[];

  before(async () => {
    scratch = new Scratch();
    service = await startService({ policy: scratch.write('policy.yaml', POLICY) });
    front = await startTlsFront(service.socketPath);
  });
  beforeEach(() => {
    peers = [];
    dialled = [];
    bridges = [];
    news = [];
  });
  afterEach(async () => {
    await Promise.all(bridges.map((bridge) => bridge.close()));
    await Promise.all(peers.map((peer) => peer.stop()));
  });
  after(async () => {
    await front.stop();
    await service.stop();
    scratch.remove();
  });

  function connection(id: string, peerClass: string, handler: Handler): PeerConnection {
    const own = front.client(peerClass);
    const url = meetupUrl(`${front.origin}/micronets/v1/ws-proxy/`, id);
    return new PeerConnection({ url, claims: { peerClass, peerId: id }, credentials: () => own, handler });
  }

  /** A gateway that says who it is and what it was asked. */
  function gateway(
    id: string,
    handler: Handler = ({ path, headers }) => ({
      statusCode: 200,
      headers: [],
      body: jsonBody({ by: id, path, headers }),
    }),
  ): PeerConnection {
    const peer = connection(id, 'gateway', handler);
    peers.push(peer);
    peer.start();
    return peer;
  }

  async function start(more: Partial<ManyBridgeOptions> = {}): Promise<string> {
    const bounds = { maxMeetups: 8, maxPerMeetup: 4, wait: 5_000, idle: 600_000 };
    const dial = (id: string): PeerConnection => {
      const peer = connection(id, 'manager', servesNothing);
      dialled.push({ id, peer });
      return peer;
    };
    const bridge = new ManyBridge(dial, { ...bridgeOptions, ...bounds, tell: (line) => news.push(line), ...more });
    bridges.push(bridge);
    return bridge.listen();
  }

  async function listed(http: string): Promise<readonly ListedMeetup[]> {
    const { body } = await ask(`${http}/-/meetups`);
    return (JSON.parse(body.toString()) as { readonly meetups: readonly ListedMeetup[] }).meetups;
  }

  it('brings each request to the gateway that its path or header names, by one connection each', async () => {
    for (const id of ['sub/1/a', 'sub/2/b', 'sub/3/c']) gateway(id);
    const http = await start();
    const sessions = new Set<unknown>();
    for (const id of ['sub/1/a', 'sub/2/b', 'sub/3/c']) {
      const byPath = await ask(`${http}/${id}/-/v1/leases`);
      expect(echoOf(byPath)).to.include({ by: id, path: '/v1/leases' });
      const byHeader = await ask(`${http}/v1/leases`, { headers: ['ws-proxy-meetup', id, 'X-Mine', '1'] });
      const { by, path, headers } = echoOf(byHeader);
      expect([by, path]).to.deep.equal([id, '/v1/leases']);
      expect(headers.map(({ name }) => name)).to.deep.equal(['X-Mine', 'traceparent']);
      expect(byPath.headers['ws-proxy-session']).to.equal(byHeader.headers['ws-proxy-session']);
      sessions.add(byPath.headers['ws-proxy-session']);
    }
    expect([sessions.size, dialled.length]).to.deep.equal([3, 3]);
    const seen = await ask(`${http}/sub/1/a/-/`, { headers: ['traceparent', `00-${TRACE}-b7ad6b7169203331-01`] });
    expect(seen.headers['ws-proxy-trace-id']).to.equal(TRACE);
  });

  it('has a first call wait for a gateway that is on its way', async () => {
    const http = await start();
    const asked = [1, 2, 3].map(() => ask(`${http}/sub/late/-/x`, { method: 'POST', body: 'kept' }));
    while (dialled.length === 0) await listed(http);
    await reached(dialled[0]?.peer as PeerConnection, 'waiting');
    gateway('sub/late');
    for (const one of asked) expect(echoOf(await one).by).to.equal('sub/late');
    expect(dialled).to.have.length(1);
  });

  it('waits no longer than it may; then calls learn at once that nobody is there, and it is news', async () => {
    const http = await start({ wait: 200 });
    const late = await ask(`${http}/sub/none/-/x?key=hunter2`);
    expect([late.status, reasonOf(late)]).to.deep.equal([504, 'pair_late']);
    const next = await ask(`${http}/sub/none/-/x`);
    expect([next.status, reasonOf(next), dialled.length]).to.deep.equal([502, 'not_paired', 1]);
    expect(errorOf(next)['session']).to.equal(next.headers['ws-proxy-session']);
    expect(news[0]).to.contain('meetup sub/none: the other peer was not there within 0.2 s (pair_late); trace');
    expect(news.join()).not.to.contain('hunter2');
  });

  it('tells the callers the label by which the proxy refuses it at a meetup, and does not dial there again', async () => {
    const http = await start();
    for (let count = 0; count < 3; count += 1) {
      const seen = await ask(`${http}/elsewhere/1/-/x`);
      expect([seen.status, reasonOf(seen), errorOf(seen)['label']]).to.deep.equal([
        502,
        'meetup_refused',
        'policy_denied',
      ]);
      expect(errorOf(seen)).to.include.keys('message', 'traceId');
    }
    expect([dialled.length, dialled[0]?.peer.state.kind]).to.deep.equal([1, 'stopped']);
    const [only] = await listed(http);
    expect([only?.state, only?.connection, only?.trouble?.label]).to.deep.equal([
      'refused',
      'stopped',
      'policy_denied',
    ]);
    // Another certificate may be welcome.
    bridges[0]?.credentialsChanged();
    await ask(`${http}/elsewhere/1/-/x`);
    expect(dialled).to.have.length(2);
  });

  it('lists what is open, for this machine and no web page', async () => {
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => {
      gateway('sub/slow', () => {
        resolve();
        return new Promise((done) => {
          answer = () => done({ statusCode: 204, headers: [], body: { kind: 'none' } });
        });
      });
    });
    gateway('sub/quick');
    const http = await start();
    const slow = ask(`${http}/sub/slow/-/`);
    await asked;
    await ask(`${http}/sub/quick/-/`);
    const seen = await ask(`${http}/-/meetups`);
    expect([seen.status, seen.headers['content-type'], seen.headers['cache-control']]).to.deep.equal([
      200,
      'application/json',
      'no-store',
    ]);
    const { meetups, maxMeetups } = JSON.parse(seen.body.toString());
    expect(maxMeetups).to.equal(8);
    expect(
      meetups.map(({ since, ...rest }: ListedMeetup) => ({ ...rest, isRecent: Date.parse(since) <= Date.now() })),
    ).to.deep.equal([
      { id: 'sub/slow', state: 'open', calls: 1, connection: 'paired', isRecent: true },
      { id: 'sub/quick', state: 'idle', calls: 0, connection: 'paired', isRecent: true },
    ]);
    answer();
    expect((await slow).status).to.equal(204);
    for (const [headers, reason] of [
      [['Host', 'evil.example'], 'host_denied'],
      [['Origin', 'https://evil.example'], 'origin_denied'],
    ] as const) {
      expect(reasonOf(await ask(`${http}/-/meetups`, { headers }))).to.equal(reason);
      expect(reasonOf(await ask(`${http}/sub/quick/-/`, { headers }))).to.equal(reason);
    }
    expect(reasonOf(await ask(`${http}/-/other`))).to.equal('not_found');
  });

  it('closes a meetup that nobody calls, and opens it again for the next call', async () => {
    gateway('sub/1');
    const http = await start({ idle: 1 });
    for (const count of [1, 2]) {
      expect(echoOf(await ask(`${http}/sub/1/-/`)).by).to.equal('sub/1');
      expect(dialled).to.have.length(count);
      await reached(dialled[count - 1]?.peer as PeerConnection, 'stopped');
    }
  });

  it('refuses what is over its bounds: meetups, calls of one, calls of all, bodies', async () => {
    const held: (() => void)[] = [];
    const asked = new Promise<void>((resolve) => {
      gateway('sub/1', () => {
        resolve();
        return new Promise((done) => held.push(() => done({ statusCode: 200, headers: [], body: { kind: 'none' } })));
      });
    });
    gateway('sub/2');
    const http = await start({ maxMeetups: 2, maxPerMeetup: 1, maxInFlight: 1, maxHeld: 1 });
    await ask(`${http}/sub/2/-/`);
    const slow = ask(`${http}/sub/1/-/`);
    await asked;
    const [one, all, third] = await Promise.all([1, 2, 3].map((count) => ask(`${http}/sub/${count}/-/`)));
    expect([one?.status, one && reasonOf(one), one?.headers['retry-after']]).to.deep.equal([503, 'too_many', '1']);
    expect(one && errorOf(one)['message']).to.contain('1 calls of this meetup');
    expect(all && errorOf(all)).to.include({ reason: 'too_many' });
    expect(all && errorOf(all)['message']).to.contain('1 requests are in flight');
    expect(third && [third.status, reasonOf(third), third.headers['retry-after']]).to.deep.equal([
      503,
      'too_many_meetups',
      '1',
    ]);
    for (const release of held) release();
    expect((await slow).status).to.equal(200);
    const big = await ask(`${http}/sub/2/-/`, { method: 'POST', body: Buffer.alloc(MAX_BODY + 1) });
    expect([big.status, reasonOf(big)]).to.deep.equal([413, 'too_big']);
  });

  it('says what is wrong with a request that names no meetup, or two', async () => {
    const http = await start();
    for (const [path, headers, words] of [
      ['/v1/leases', [], 'no meetup is named'],
      ['/sub/1/-/', ['Ws-Proxy-Meetup', 'sub/1'], 'name the meetup in one of them'],
      ['/x', ['Ws-Proxy-Meetup', 'sub/1', 'Ws-Proxy-Meetup', 'sub/2'], 'send it once'],
      ['/a//b/-/', [], 'empty segment'],
      ['/x', ['Ws-Proxy-Meetup', 'a b'], 'a character outside'],
    ] as const) {
      const seen = await ask(`${http}${path}`, { headers });
      expect([seen.status, reasonOf(seen)]).to.deep.equal([400, 'meetup_invalid']);
      expect(errorOf(seen)['message']).to.contain(words);
    }
    expect(dialled).to.have.length(0);
  });
});
