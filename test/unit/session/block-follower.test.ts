import { expect } from 'chai';
import { type Block, Blocks, blockUid } from '../../../proxy/policy/limits/blocks.js';
import { BlockFollower } from '../../../proxy/session/block-follower.js';
import type { PeerSelection } from '../../../proxy/session/steering.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';

describe('block follower', () => {
  let clock: FakeClock;
  let blocks: Blocks;
  let ended: string[];
  let follower: BlockFollower;
  beforeEach(() => {
    clock = new FakeClock();
    blocks = new Blocks();
    ended = [];
    const end = (
      selection: PeerSelection,
      { label, detail }: { label: string; detail?: string | undefined },
    ): number => {
      ended.push(`${label} ${detail} ${selection.t}`);
      return 2;
    };
    follower = new BlockFollower({ blocks, steering: { end }, clock });
  });
  const block = (given: Partial<Block> = {}): Block => {
    const selector = { meetupId: 'sub/1' };
    const now = clock.now();
    return {
      ...selector,
      uid: blockUid(selector),
      reason: 'lost',
      by: 'O=admin',
      since: now,
      until: now + 1000,
      ...given,
    };
  };

  it('puts a block in force and ends whom it keeps out, once', () => {
    follower.put(block());
    follower.put(block());
    expect(ended).to.deep.equal(['blocked lost selected']);
    expect(follower.endedOf({ meetupId: 'sub/1' })).to.equal(2);
    expect(blocks.check(identity(), 'sub/1', clock.now())?.reason).to.equal('lost');
    follower.put(block({ reason: 'still lost', until: clock.now() + 5000 }));
    expect(ended).to.have.length(2);
    expect([...follower.inForce()].map(({ reason }) => reason)).to.deep.equal(['still lost']);
  });

  it('lifts a block, by its order and by an end that has passed', () => {
    follower.put(block());
    follower.lifted('unknown');
    follower.lifted(block().uid);
    expect([...follower.inForce()]).to.deep.equal([]);
    expect(follower.endedOf({ meetupId: 'sub/1' })).to.equal(0);
    follower.put(block());
    follower.put(block({ until: clock.now() - 1 }));
    expect([...follower.inForce()]).to.deep.equal([]);
    expect(ended).to.have.length(2);
  });

  it('ends nobody for a block that a kick sets, until that is over', () => {
    const loud = follower.quiet({ meetupId: 'sub/1' });
    follower.put(block());
    expect(ended).to.deep.equal([]);
    expect(blocks.check(identity(), 'sub/1', clock.now())).not.to.equal(undefined);
    loud();
    follower.put(block({ reason: 'again' }));
    expect(ended).to.deep.equal(['blocked again selected']);
  });

  it('takes in more blocks than may be set here: whoever set them looked for room', () => {
    const few = new Blocks(1);
    const own = new BlockFollower({ blocks: few, steering: { end: () => 0 }, clock });
    for (const meetupId of ['a', 'b', 'c']) own.put(block({ meetupId, uid: blockUid({ meetupId }) }));
    expect(few.list(clock.now())).to.have.length(3);
    expect([few.hasRoom(clock.now()), new Blocks(1).hasRoom(clock.now())]).to.deep.equal([false, true]);
  });
});

describe('the uid of a shared block', () => {
  it('is a UUID of version 8 that its selector makes', () => {
    expect(blockUid({ meetupId: 'a' })).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(blockUid({ meetupId: 'a' })).to.equal(blockUid({ meetupId: 'a' }));
    const uids = [{ meetupId: 'a' }, { subject: 'a' }, { fingerprint: 'a' }, { meetupId: 'b' }].map(blockUid);
    expect(new Set(uids).size).to.equal(4);
  });
});
