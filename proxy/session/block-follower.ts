import { type Block, type BlockSelector, type Blocks, blockUid, MAX_BLOCKS } from '../policy/limits/blocks.js';
import type { Clock } from '../ports/clock.js';
import type { Steering } from './steering.js';

export interface BlockFollowerParts {
  /** The blocks in force on this replica: what its door asks. */
  readonly blocks: Blocks;
  readonly steering: Pick<Steering, 'end'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Takes in the blocks of all replicas, as their store tells them: puts them in force here, and ends whom they keep out. */
export class BlockFollower {
  readonly #parts: BlockFollowerParts;
  /** Connections that each block ended here when it came into force, by the block's uid. */
  readonly #ended = new Map<string, number>();
  /** Blocks that a kick is setting here: the kick ends whom they keep out. */
  readonly #quiet = new Set<string>();

  constructor(parts: BlockFollowerParts) {
    this.#parts = parts;
  }

  /** A block, new or with another end, reason and author; also one that is in force already, or whose time is over. */
  put(block: Block): void {
    const { blocks, steering, clock } = this.#parts;
    const now = clock.now();
    if (isSame(blocks.get(block, now), block)) return;
    blocks.put(block, now);
    this.#ended.delete(block.uid);
    if (block.until <= now || this.#quiet.has(block.uid)) return;
    const ended = steering.end({ t: 'selected', selector: block }, { label: 'blocked', detail: block.reason });
    if (ended === 0) return;
    this.#ended.set(block.uid, ended);
    if (this.#ended.size > MAX_BLOCKS) this.#forgetEnded(now);
  }

  /** A block was lifted; it may be unknown here. */
  lifted(uid: string): void {
    this.#parts.blocks.remove(uid, this.#parts.clock.now());
    this.#ended.delete(uid);
  }

  /** The blocks in force here. */
  inForce(): Iterable<Block> {
    return this.#parts.blocks.list(this.#parts.clock.now());
  }

  /** The connections that the block with this selector ended here when it last came into force. */
  endedOf(selector: BlockSelector): number {
    return this.#ended.get(blockUid(selector)) ?? 0;
  }

  /** Lets the block with this selector come into force without ending anybody, until the returned function is called. */
  quiet(selector: BlockSelector): () => void {
    const uid = blockUid(selector);
    this.#quiet.add(uid);
    return () => void this.#quiet.delete(uid);
  }

  /** Keeps counts of blocks in force only. */
  #forgetEnded(now: number): void {
    const uids = new Set(this.#parts.blocks.list(now).map(({ uid }) => uid));
    for (const uid of this.#ended.keys()) if (!uids.has(uid)) this.#ended.delete(uid);
  }
}

/** Whether the block in force is this one already, so that nobody new is kept out. */
function isSame(held: Block | undefined, { uid, until, reason, by }: Block): boolean {
  return held?.uid === uid && held.until === until && held.reason === reason && held.by === by;
}
