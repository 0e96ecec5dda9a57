import { status as Code } from '@grpc/grpc-js';
import { type Block, type BlockSelector, type Blocks, blockUid } from '../../policy/limits/blocks.js';
import type { Clock } from '../../ports/clock.js';
import type { BlockFollower } from '../../session/block-follower.js';
import { authorOf, type BlockOrder, blocksFull } from '../calls/set-block.js';
import { Fault, notFound, retryAfter } from '../rpc/fault.js';

/** How a write ended: the store's number of it, or why it is not known to be written. */
export type BlockWrite =
  | { readonly t: 'written'; readonly sequence: number }
  | { readonly t: 'conflict' }
  | { readonly t: 'unknown'; readonly detail: string };

/** The blocks of all replicas, in their store; every replica follows it. No method throws or rejects. */
export interface SharedBlocks {
  /** Writes a block in place of an earlier one with its uid. */
  put(block: Block): Promise<BlockWrite>;
  /** Writes that a block is lifted. */
  lift(block: Pick<Block, 'uid' | 'until'>): Promise<BlockWrite>;
  /** Waits until the change of that number, or a later one of its block, was taken in here; false when that does not come about in time. */
  appliedTo(sequence: number): Promise<boolean>;
}

/** A change of the fleet's blocks that was written. */
export interface WrittenBlock {
  readonly block: Block;
  /** The store's number of the write. */
  readonly sequence: number;
}

export interface FleetBlockParts {
  readonly shared: SharedBlocks;
  /** The blocks in force on this replica. */
  readonly blocks: Blocks;
  /** Takes in here what the store tells. */
  readonly follower: Pick<BlockFollower, 'quiet' | 'endedOf'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Orders about blocks of the fleet. They are written to the store alone, from which every replica, this one too, puts them in force. While the
 * store is away nothing can be changed, and what is in force stays.
 */
export class FleetBlocks {
  readonly #parts: FleetBlockParts;

  constructor(parts: FleetBlockParts) {
    this.#parts = parts;
  }

  /** Writes a block. Throws Fault when there is no room, or when the store does not say that it is written. */
  async set(selector: BlockSelector, { reason, by, time, now }: BlockOrder): Promise<WrittenBlock> {
    const { shared, blocks } = this.#parts;
    const old = blocks.get(selector, now);
    if (old === undefined && !blocks.hasRoom(now)) throw blocksFull();
    const order = { reason, by: authorOf(by), since: old?.since ?? now, until: now + time };
    const block = { ...selector, ...order, uid: blockUid(selector) };
    return { block, sequence: sequenceOf(await shared.put(block)) };
  }

  /** Writes a block for a kick, and waits until it is in force here. Whom it keeps out is not ended by it: the kick tells them its own word. */
  async setForKick(selector: BlockSelector, order: BlockOrder): Promise<Block> {
    const loud = this.#parts.follower.quiet(selector);
    try {
      const written = await this.set(selector, order);
      await this.inForceHere(written);
      return written.block;
    } finally {
      loud();
    }
  }

  /** Writes that a block is lifted. Throws Fault when no block in force has that uid, or when the store does not say that it is written. */
  async lift(uid: string, name: string): Promise<WrittenBlock> {
    const { shared, blocks, clock } = this.#parts;
    const block = blocks.list(clock.now()).find((one) => one.uid === uid);
    if (block === undefined) throw notFound('Block', name, 'no block in force has this name');
    return { block, sequence: sequenceOf(await shared.lift(block)) };
  }

  /** Waits until a written change is in force on this replica; false when that does not come about in time. */
  inForceHere({ sequence }: Pick<WrittenBlock, 'sequence'>): Promise<boolean> {
    return this.#parts.shared.appliedTo(sequence);
  }

  /** The connections that the block with this selector ended here when it last came into force. */
  endedOf(selector: BlockSelector): number {
    return this.#parts.follower.endedOf(selector);
  }
}

function sequenceOf(write: BlockWrite): number {
  if (write.t === 'written') return write.sequence;
  const why = write.t === 'unknown' ? write.detail : 'another write came first';
  throw new Fault(
    Code.UNAVAILABLE,
    'STORE_UNREACHABLE',
    `the store of the fleet did not confirm the change (${why}): what is in force stays; make the call again`,
    { details: [retryAfter(1)] },
  );
}
