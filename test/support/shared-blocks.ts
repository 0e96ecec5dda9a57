import type { BlockWrite, SharedBlocks } from '../../proxy/control/fleet/fleet-blocks.js';
import type { Block } from '../../proxy/policy/limits/blocks.js';
import type { BlockFollower } from '../../proxy/session/block-follower.js';

type Change = { readonly t: 'put'; readonly block: Block } | { readonly t: 'lifted'; readonly uid: string };

/** A store of blocks in memory, which replicas read as far as they can. */
export class StoredBlocks {
  readonly #changes: Change[] = [];
  readonly readers: BlockReading[] = [];

  /** A replica's way to the store. */
  reading(): BlockReading {
    const reading = new BlockReading(this.#changes, () => {
      for (const one of this.readers) one.read();
    });
    this.readers.push(reading);
    return reading;
  }
}

/** One replica's way to the store. */
export class BlockReading implements SharedBlocks {
  follower: BlockFollower | undefined;
  /** True while this replica does not reach the store. */
  isAway = false;
  readonly #changes: Change[];
  readonly #written: () => void;
  #applied = 0;

  constructor(changes: Change[], written: () => void) {
    this.#changes = changes;
    this.#written = written;
  }

  async put(block: Block): Promise<BlockWrite> {
    return this.#write({ t: 'put', block });
  }

  async lift({ uid }: Pick<Block, 'uid'>): Promise<BlockWrite> {
    return this.#write({ t: 'lifted', uid });
  }

  async appliedTo(sequence: number): Promise<boolean> {
    this.read();
    return this.#applied >= sequence;
  }

  /** Takes in what was written and is not read yet. */
  read(): void {
    if (this.isAway || this.follower === undefined) return;
    while (this.#applied < this.#changes.length) {
      const change = this.#changes[this.#applied];
      this.#applied += 1;
      if (change?.t === 'put') this.follower.put(change.block);
      else if (change !== undefined) this.follower.lifted(change.uid);
    }
  }

  #write(change: Change): BlockWrite {
    if (this.isAway) return { t: 'unknown', detail: 'no answer within 2 s' };
    this.#changes.push(change);
    this.#written();
    return { t: 'written', sequence: this.#changes.length };
  }
}
