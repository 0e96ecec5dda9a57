import type { Block, BlockSelector, Blocks } from '../../policy/limits/blocks.js';
import type { Identity } from '../../x509/identity.js';
import { type Fault, full } from '../rpc/fault.js';

/** Shortest and longest block, milliseconds. */
export const BLOCK_TIME = { least: 1_000, most: 30 * 86_400_000 };

/** A caller's order to keep somebody out. */
export interface BlockOrder {
  readonly reason: string;
  readonly by: Identity;
  /** How long, milliseconds. */
  readonly time: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Puts a block in force; where the selector has one already, that one gets the new end, reason and author. Throws Fault. */
export type SetBlock = (selector: BlockSelector, order: BlockOrder) => Block | Promise<Block>;

/** Gives the way to put blocks in force on this replica alone. */
export function setBlockIn(blocks: Blocks): (selector: BlockSelector, order: BlockOrder) => Block {
  return (selector, { reason, by, time, now }) => {
    const block = blocks.add(selector, { reason, by: authorOf(by), until: now + time }, now);
    if (block === undefined) throw blocksFull();
    return block;
  };
}

/** The author of a block, for people. */
export function authorOf({ subject, fingerprint }: Identity): string {
  return subject === '' ? fingerprint : subject;
}

/** There is no room for another block. */
export function blocksFull(): Fault {
  return full('BLOCKS_FULL', 'there is no room for another block: lift some', 60);
}
