import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { BlockPeerRequest } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerRequest.js';
import type { BlockPeerResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerResponse.js';
import type { ControlServiceClient } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ControlService.js';
import type { ListBlocksResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/ListBlocksResponse.js';
import { as, ControlRig } from '../../support/control.js';
import { identity } from '../../support/fixtures.js';
import { ask, errorInfo, failure } from '../../support/grpc-calls.js';

const HOUR = { seconds: 3600 };

describe('control of blocks', () => {
  let rig: ControlRig;
  let client: ControlServiceClient;
  beforeEach(async () => {
    rig = await ControlRig.start();
    client = rig.client();
  });
  afterEach(() => rig.stop());

  const block = (request: BlockPeerRequest): Promise<BlockPeerResponse__Output> =>
    ask((done) => client.blockPeer({ duration: HOUR, reason: 'lost', ...request }, as('operator'), done));
  const list = (request = {}): Promise<ListBlocksResponse__Output> =>
    ask((done) => client.listBlocks(request, as('viewer'), done));

  it('keeps out and ends those who are in, wherever they sit', async () => {
    const lost = identity();
    const waiting = rig.join('sub/1', { identity: lost });
    const paired = rig.join('sub/2', { identity: lost });
    const other = rig.join('sub/2');
    const answer = await block({ fingerprint: lost.fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:') });
    expect(answer.ended_connections).to.equal(2);
    for (const { socket } of [waiting, paired]) {
      expect(socket.closedWith).to.deep.equal({ code: 4411, reason: 'blocked by an operator: lost' });
    }
    expect(other.socket.closedWith?.code).to.equal(1002);
    expect(rig.blocks.check(lost, 'anywhere', Date.now())).to.include({ reason: 'lost' });
  });

  it('tells both peers of a pair that are kept out why', async () => {
    const [one, two] = rig.pair('sub/1');
    expect((await block({ meetup_id: 'sub/1' })).ended_connections).to.equal(2);
    expect([one.socket.closedWith?.code, two.socket.closedWith?.code]).to.deep.equal([4411, 4411]);
  });

  it('lists blocks page by page and lifts them', async () => {
    for (const meetup_id of ['a', 'b', 'c']) await block({ meetup_id });
    const first = await list({ page_size: 2 });
    const second = await list({ page_size: 2, page_token: first.next_page_token });
    const all = [...first.blocks, ...second.blocks];
    expect(all.map((one) => one.meetup_id)).to.have.members(['a', 'b', 'c']);
    expect(second).to.include({ next_page_token: '', total_size: 3 });
    const [{ name } = { name: '' }] = all;
    await ask((done) => client.unblockPeer({ name }, as('operator'), done));
    expect((await list()).total_size).to.equal(2);
    const again = await failure(ask((done) => client.unblockPeer({ name }, as('operator'), done)));
    expect([again.code, errorInfo(again).reason]).to.deep.equal([Code.NOT_FOUND, 'BLOCK_NOT_FOUND']);
  });

  const wrong: readonly [string, BlockPeerRequest][] = [
    ['fingerprint', {}],
    ['fingerprint', { fingerprint: 'abc' }],
    ['meetup_id', { meetup_id: '/a' }],
    ['duration', { meetup_id: 'a', duration: null }],
    ['duration', { meetup_id: 'a', duration: { seconds: 1e9 } }],
    ['reason', { meetup_id: 'a', reason: ' ' }],
    ['subject', { subject: 'CN=\u0000' }],
  ];
  for (const [field, request] of wrong) {
    it(`refuses a wrong ${field}: ${JSON.stringify(request)}`, async () => {
      expect(errorInfo(await failure(block(request))).metadata).to.include({ field });
      expect((await list()).total_size).to.equal(0);
    });
  }
});
