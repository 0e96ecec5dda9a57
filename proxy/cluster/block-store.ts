import type { Block } from '../policy/limits/blocks.js';
import type { Put } from './store.js';

/** What takes the changes of the fleet's blocks in, in the order in which they were written. No method may throw. */
export interface BlockReader {
  /** A block, new or with another end, reason and author; also one that is known already. Its time may be over. */
  put(block: Block): void;
  /** A block was lifted; it may be unknown here. */
  lifted(uid: string): void;
  /** The blocks in force here, asked for where the store has lost its own: they are written again. */
  inForce(): Iterable<Block>;
}

/** The blocks of all replicas. No method throws or rejects. */
export interface BlockStore {
  /**
   * Writes a block; an earlier one with its uid is replaced, whoever wrote it. The store forgets it some time after its end. The answer is
   * never `conflict`.
   */
  put(block: Block): Promise<Put>;
  /** Writes that a block is lifted; every replica learns it, also one that cannot be reached until the block's end. */
  lift(block: Pick<Block, 'uid' | 'until'>): Promise<Put>;
  /**
   * Hands every block, and from then on every change, to the reader, until the returned function is called. A change is handed on within
   * two seconds while the store answers. One reader at a time.
   */
  follow(reader: BlockReader): () => void;
  /** True once the reader was handed all that was stored when it began. A replica that serves before lets in whom a block keeps out. */
  readonly isWhole: boolean;
  /** Number of the last change that the reader was handed; 0: none yet. */
  readonly applied: number;
  /** Fetches changes until the one of that number was handed on, or a later one of its block. False when that does not come about in time. */
  appliedTo(sequence: number): Promise<boolean>;
}
