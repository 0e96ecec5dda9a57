import type { Block, BlockSelector, Blocks } from '../../policy/limits/blocks.js';
import type { Identity } from '../../x509/identity.js';
import { full } from '../rpc/fault.js';

/** Shortest and longest block, milliseconds. */
export const BLOCK_TIME = { least: 1_000, most: 30 * 86_400_000 };

/** Puts a block in force on a caller's order. Throws Fault when there is no room. */
export function setBlock(
  blocks: Blocks,
  selector: BlockSelector,
  order: { readonly reason: string; readonly by: Identity; readonly time: number; readonly now: number },
): Block {
  const { reason, by, time, now } = order;
  const author = by.subject === '' ? by.fingerprint : by.subject;
  const block = blocks.add(selector, { reason, by: author, until: now + time }, now);
  if (block === undefined) throw full('BLOCKS_FULL', 'there is no room for another block: lift some', 60);
  return block;
}
