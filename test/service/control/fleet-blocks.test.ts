import { status as Code } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { BlockPeerResponse__Output } from '../../../proxy/control/generated/micronets/wsproxy/control/v1/BlockPeerResponse.js';
import { as } from '../../support/control.js';
import { identity } from '../../support/fixtures.js';
import { FleetRig } from '../../support/fleet.js';
import { ask, errorInfo, failure } from '../../support/grpc-calls.js';
import { startNats, type TestNats } from '../../support/nats.js';
import { natsSettings, type OpenedNats, useNatsClients } from '../../support/nats-client.js';

describe('blocks of a fleet in a real NATS', function () {
  // NATS starts, and is waited for while it is away.
  this.timeout(40_000);
  const open = useNatsClients();
  let nats: TestNats;
  let clients: OpenedNats[];
  let fleet: FleetRig;
  beforeEach(async () => {
    nats = await startNats();
    clients = [];
    const blocks = (): OpenedNats['blocks'] => {
      const client = open(natsSettings(nats));
      clients.push(client);
      return client.blocks;
    };
    fleet = await FleetRig.start('unix', { blocks });
    for (const client of clients) await client.turns(true);
  });
  afterEach(async () => {
    await fleet.stop();
    await nats.remove();
  });

  const block = (at: number, fingerprint: string): Promise<BlockPeerResponse__Output> =>
    ask((done) =>
      fleet.client(at).blockPeer({ fingerprint, duration: { seconds: 3600 }, reason: 'lost' }, as('operator'), done),
    );
  const inForce = (at: number): readonly string[] =>
    fleet
      .at(at)
      .rig.blocks.list(Date.now())
      .map(({ reason }) => reason);
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => void setTimeout(resolve, 20));
  };

  it('are in force everywhere when the call is answered, and outlive every replica', async () => {
    const lost = identity();
    const peers = fleet.replicas.map(({ rig }, at) => rig.join(`sub/${at}`, { identity: lost }));
    const { block: held, ended_connections, unreachable_replicas } = await block(0, lost.fingerprint);
    expect([ended_connections, unreachable_replicas]).to.deep.equal([3, []]);
    for (const { socket } of peers) expect(socket.closedWith?.code).to.equal(4411);
    expect([0, 1, 2].map(inForce)).to.deep.equal([['lost'], ['lost'], ['lost']]);
    for (const replica of [...fleet.replicas]) await fleet.kill(replica);
    await fleet.begin('r1');
    await until(() => inForce(0).length > 0);
    const name = `blocks/${held?.uid}`;
    await ask((done) => fleet.client(0).unblockPeer({ name }, as('operator'), done));
    expect(inForce(0)).to.deep.equal([]);
  });

  it('stay in force while NATS is away, cannot be changed, and are written again when it has lost them', async () => {
    const lost = identity();
    await block(0, lost.fingerprint);
    await nats.kill();
    const error = await failure(block(1, identity().fingerprint));
    expect([error.code, errorInfo(error).reason]).to.deep.equal([Code.UNAVAILABLE, 'STORE_UNREACHABLE']);
    expect([0, 1, 2].map(inForce)).to.deep.equal([['lost'], ['lost'], ['lost']]);
    await nats.start();
    await nats.wipe();
    await fleet.begin('r4');
    await until(() => inForce(3).length > 0);
    expect(fleet.at(3).rig.blocks.check(lost, 'anywhere', Date.now())?.reason).to.equal('lost');
  });
});
