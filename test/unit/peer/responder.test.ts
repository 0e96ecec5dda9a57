import { expect } from 'chai';
import { helloText } from '../../../peer/outgoing.js';
import type { RestRequest, RestResponse } from '../../../peer/rest.js';
import { ending } from '../../../proxy/wire/close.js';
import { FakeNetwork, sentBy, settled } from '../../support/fake-network.js';
import { hello } from '../../support/fixtures.js';

describe('a peer that answers', () => {
  let network: FakeNetwork;

  beforeEach(() => {
    network = new FakeNetwork();
  });

  const request = (messageId: number | string, more: object = {}): string =>
    JSON.stringify({
      message: { messageId, messageType: 'REST:REQUEST', requiresResponse: true, method: 'GET', path: '/a', ...more },
    });

  it('hands requests to its handler and answers in the id that it was given', async () => {
    const seen: RestRequest[] = [];
    const socket = await network.paired({
      handler: (one) => {
        seen.push(one);
        return { statusCode: 204, headers: [], body: { kind: 'none' } };
      },
    });
    socket.receive(request('x7', { queryStrings: [{ name: 'a', value: 'b' }], headers: null }));
    await settled();
    expect(seen).to.deep.equal([
      { method: 'GET', path: '/a', query: [{ name: 'a', value: 'b' }], headers: [], body: { kind: 'none' } },
    ]);
    expect(sentBy(socket).at(-1)).to.deep.include({ messageId: 1, inResponseTo: 'x7', statusCode: 204 });
  });

  it('[MSG-7] reads and writes the form of the other peer', async () => {
    const answeredTo = async (greeting: string): Promise<unknown> => {
      const socket = await network.paired(
        {
          handler: ({ body }, _signal, form) => ({ statusCode: 200, headers: [{ name: 'X-Form', value: form }], body }),
        },
        greeting,
      );
      socket.receive(request(1, { dataFormat: 'application/json', messageBody: '[1]' }));
      await settled();
      return sentBy(socket).at(-1);
    };
    expect(await answeredTo(helloText(0, { peerClass: 'a', peerId: 'b' }))).to.deep.include({
      reasonPhrase: 'OK',
      headers: [{ name: 'X-Form', value: 'exact' }],
      messageBody: '[1]',
    });
    expect(await answeredTo(hello())).to.deep.include({
      reasonPhrase: 'OK',
      headers: [{ name: 'X-Form', value: 'deployed', val: 'deployed' }],
      messageBody: [1],
    });
  });

  it('answers 400 to what is no request, 500 when its handler throws, and tells nobody why', async () => {
    const faults: unknown[] = [];
    const socket = await network.paired({
      handler: () => {
        throw new Error('secret');
      },
    });
    network.peer.observe({ fault: (error) => faults.push(error) });
    socket.receive(request(1, { method: 'FETCH' }));
    socket.receive(request(2));
    await settled();
    expect(sentBy(socket).map(({ statusCode }) => statusCode)).to.deep.equal([undefined, 400, 500]);
    expect(socket.texts.join()).not.to.contain('secret');
    expect(faults).to.have.length(1);
  });

  it('answers 500 when its handler returns what is no response', async () => {
    const socket = await network.paired({ handler: () => JSON.parse('null') as RestResponse });
    socket.receive(request(1));
    await settled();
    expect(sentBy(socket).at(-1)).to.deep.include({ inResponseTo: 1, statusCode: 500 });
  });

  it('works on a bounded number at a time and answers the rest 503', async () => {
    const release: (() => void)[] = [];
    const socket = await network.paired({
      limits: { concurrent: 2 },
      handler: () =>
        new Promise((resolve) => {
          release.push(() => resolve({ statusCode: 200, headers: [], body: { kind: 'none' } }));
        }),
    });
    for (const id of [1, 2, 3]) socket.receive(request(id));
    await settled();
    expect(sentBy(socket).at(-1)).to.deep.include({ inResponseTo: 3, statusCode: 503 });
    for (const one of release) one();
    await settled();
    socket.receive(request(4));
    expect(release).to.have.length(3);
  });

  it('ends the connection rather than drop an answer that has no room', async () => {
    const socket = await network.paired({
      limits: { highMark: 0, outbox: 10 },
      handler: () => ({ statusCode: 200, headers: [], body: { kind: 'none' } }),
    });
    socket.backlog = 1;
    socket.receive(request(1));
    await settled();
    expect(socket.closedWith?.code).to.equal(ending('slow_peer').code);
  });

  it('leaves alone what asks for no response', async () => {
    const socket = await network.paired({ handler: () => ({ statusCode: 200, headers: [], body: { kind: 'none' } }) });
    socket.receive(request(1, { requiresResponse: false }));
    await settled();
    expect(socket.sent).to.have.length(1);
  });
});
