import { request } from 'node:http';
import { expect } from 'chai';
import { Bridge } from '../../peer/bridge.js';
import { PeerConnection } from '../../peer/connection.js';
import { gateway } from '../../peer/gateway.js';
import { bridgeOptions, CONCURRENT, type HttpWay, MAX_BODY, startHttpWay } from '../support/http-way.js';
import { ask, reasonOf } from '../support/peers.js';
import { exchange } from '../support/raw-api.js';

describe('the limits of a bridge and a gateway', () => {
  let way: HttpWay;

  before(async () => {
    way = await startHttpWay();
    await way.pair();
  });

  after(() => way.stop());

  it('answers 502 while no pair is made', async () => {
    const alone = new PeerConnection({ url: 'wss://proxy.example/', claims: { peerClass: 'manager', peerId: '1' } });
    const lonely = new Bridge(alone, bridgeOptions);
    const seen = await ask(await lonely.listen());
    expect([seen.status, reasonOf(seen)]).to.deep.equal([502, 'not_paired']);
    await lonely.close();
  });

  it('refuses a body over the limit, announced or not', async () => {
    const body = Buffer.alloc(MAX_BODY + 1);
    const announced = await ask(`${way.http}/`, { method: 'POST', body });
    expect([announced.status, reasonOf(announced)]).to.deep.equal([413, 'too_big']);
    const chunked = await ask(`${way.http}/`, { method: 'POST', body, headers: ['Transfer-Encoding', 'chunked'] });
    expect([chunked.status, reasonOf(chunked)]).to.deep.equal([413, 'too_big']);
  });

  it('answers 504 after its deadline', async () => {
    let release = (): void => {};
    way.answer = (_request, response) => {
      release = () => response.end();
    };
    const hasty = new Bridge(way.manager, { ...bridgeOptions, timeout: 50 });
    const seen = await ask(await hasty.listen());
    release();
    expect([seen.status, reasonOf(seen)]).to.deep.equal([504, 'timeout']);
    await hasty.close();
  });

  it('frees the place of a client whose body does not come', async () => {
    way.answer = (_request, response) => response.end('here');
    const narrow = new Bridge(way.manager, { ...bridgeOptions, maxInFlight: 1, timeout: 1_000 });
    const place = await narrow.listen();
    const half = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf';
    const got = await exchange(Number(new URL(place).port), half);
    expect(got).to.match(/^HTTP\/1\.1 408 .*"body_late"/s);
    expect((await ask(place)).body.toString()).to.equal('here');
    await narrow.close();
  });

  it('frees the place of a client that goes', async () => {
    let release = (): void => {};
    const asked = new Promise<void>((resolve) => {
      way.answer = (_request, response) => {
        release = () => response.end();
        resolve();
      };
    });
    const narrow = new Bridge(way.manager, { ...bridgeOptions, maxInFlight: 1 });
    const place = await narrow.listen();
    const client = request(place, { agent: false }).on('error', () => {});
    client.end();
    await asked;
    const full = await ask(place);
    expect([full.status, reasonOf(full), full.headers['retry-after']]).to.deep.equal([503, 'too_many', '1']);
    client.destroy();
    way.answer = (_request, response) => response.end('here');
    let seen = await ask(place);
    while (seen.status === 503) seen = await ask(place);
    expect(seen.body.toString()).to.equal('here');
    release();
    await narrow.close();
  });

  it('answers 504 when the API does not answer, 502 when it is not there', async () => {
    const call = { method: 'GET', path: '/', query: [], headers: [], body: { kind: 'none' } } as const;
    const dead = gateway({ upstream: new URL('http://127.0.0.1:1'), timeout: 500, maxBody: 10, maxConnections: 1 });
    const down = await dead.handler(call, new AbortController().signal, 'exact');
    expect(down.statusCode).to.equal(502);
    let release = (): void => {};
    way.answer = (_request, response) => {
      release = () => response.end();
    };
    const slow = gateway({
      upstream: new URL(`http://127.0.0.1:${way.apiPort}`),
      timeout: 50,
      maxBody: 10,
      maxConnections: 1,
    });
    const late = await slow.handler(call, new AbortController().signal, 'exact');
    expect(late.statusCode).to.equal(504);
    release();
    slow.close();
  });

  it('keeps requests below the base of the API', async () => {
    way.answer = (request, response) => response.end(request.url);
    for (const path of ['/../secret', '/%2e%2e/secret', '/a/..%2fsecret', '//other.example/', '/..;/secret']) {
      const seen = await ask(`${way.http}${path}`);
      expect([path, seen.status, reasonOf(seen)]).to.deep.equal([path, 400, 'path_invalid']);
    }
  });

  it('keeps web pages of other sites out', async () => {
    const foreign = await ask(`${way.http}/`, { headers: ['Origin', 'https://evil.example'] });
    expect([foreign.status, reasonOf(foreign)]).to.deep.equal([403, 'origin_denied']);
    const rebound = await ask(`${way.http}/`, { headers: ['Host', 'evil.example'] });
    expect([rebound.status, reasonOf(rebound)]).to.deep.equal([403, 'host_denied']);
  });

  it('asks for the body with 100 Continue only when it will be used', async () => {
    way.answer = (request, response) => void request.pipe(response);
    const seen = await ask(`${way.http}/`, { method: 'POST', headers: ['Expect', '100-continue'], body: 'later' });
    expect(seen.body.toString()).to.equal('later');
  });

  it('answers what the other way asks of a bridge with 501', async () => {
    const response = await way.gateway.request({ method: 'GET', path: '/' });
    expect(response.statusCode).to.equal(501);
  });

  it('says busy when the gateway works on enough', async () => {
    const held: (() => void)[] = [];
    const full = new Promise<void>((resolve) => {
      way.answer = (_request, response) => {
        held.push(() => response.end('done'));
        if (held.length === CONCURRENT) resolve();
      };
    });
    const first = Array.from({ length: CONCURRENT }, () => ask(`${way.http}/`));
    await full;
    const seen = await ask(`${way.http}/`);
    expect([seen.status, reasonOf(seen), seen.headers['retry-after']]).to.deep.equal([503, 'busy', '1']);
    for (const release of held) release();
    for (const one of await Promise.all(first)) expect(one.status).to.equal(200);
  });
});
