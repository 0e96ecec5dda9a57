import { createHash, randomUUID } from 'node:crypto';
import type { Identity } from '../../x509/identity.js';

/** The clients that a block keeps out. Every field that is given must fit; a field that is left out fits everybody. */
export interface BlockSelector {
  /** SHA-256 of the certificate, 64 lower-case hex digits. */
  readonly fingerprint?: string;
  /** The whole subject of the certificate, spelled as in the identity. */
  readonly subject?: string;
  readonly meetupId?: string;
}

/** An operator's order to keep a client out for a time. Times are milliseconds since the epoch. */
export interface Block extends BlockSelector {
  readonly uid: string;
  /** The reason that a refused client is told. */
  readonly reason: string;
  /** The operator who gave the order, for people. */
  readonly by: string;
  readonly since: number;
  /** The first moment at which the block is over. */
  readonly until: number;
}

/** Most blocks at one time. */
export const MAX_BLOCKS = 4096;

/** The blocks in force. The caller passes in the time; a block whose time is over has no effect. */
export class Blocks {
  readonly #capacity: number;
  /** The blocks by selector: at most seven selectors fit an identity at a meetup, so a check is seven look-ups. */
  readonly #bySelector = new Map<string, Block>();

  constructor(capacity: number = MAX_BLOCKS) {
    this.#capacity = capacity;
  }

  /**
   * Puts a block in force until its end. An earlier block with the same selector keeps its uid and beginning and takes the new end,
   * reason and author. Returns undefined when there is no room. The selector must name something.
   */
  add(selector: BlockSelector, order: Pick<Block, 'reason' | 'by' | 'until'>, now: number): Block | undefined {
    const key = keyOf(selector.fingerprint, selector.subject, selector.meetupId);
    if (key === NOBODY) throw new Error('a block without a selector would keep everybody out');
    const old = this.#inForce(key, now);
    if (old === undefined && this.#bySelector.size >= this.#capacity) this.#sweep(now);
    if (old === undefined && this.#bySelector.size >= this.#capacity) return undefined;
    const block = { ...selector, ...order, uid: old?.uid ?? randomUUID(), since: old?.since ?? now };
    this.#bySelector.delete(key);
    this.#bySelector.set(key, block);
    return block;
  }

  /**
   * Puts a block in force as another replica made it, in place of the one with its selector. Whoever made it has looked for room, so there is
   * always some here. A block whose time is over lifts that one.
   */
  put(block: Block, now: number): void {
    const key = keyOf(block.fingerprint, block.subject, block.meetupId);
    this.#bySelector.delete(key);
    if (block.until > now) this.#bySelector.set(key, block);
  }

  /** The block in force with exactly this selector. */
  get(selector: BlockSelector, now: number): Block | undefined {
    return this.#inForce(keyOf(selector.fingerprint, selector.subject, selector.meetupId), now);
  }

  /** Whether there is room for another block. */
  hasRoom(now: number): boolean {
    if (this.#bySelector.size >= this.#capacity) this.#sweep(now);
    return this.#bySelector.size < this.#capacity;
  }

  /** Lifts a block; returns undefined when no block with this uid is in force. */
  remove(uid: string, now: number): Block | undefined {
    this.#sweep(now);
    for (const [key, block] of this.#bySelector) {
      if (block.uid !== uid) continue;
      this.#bySelector.delete(key);
      return block;
    }
    return undefined;
  }

  /** The longest-lasting block that keeps this identity out of this meetup, or undefined. */
  check(identity: Pick<Identity, 'fingerprint' | 'subject'>, meetupId: string, now: number): Block | undefined {
    if (this.#bySelector.size === 0) return undefined;
    let longest: Block | undefined;
    for (const fingerprint of [identity.fingerprint, undefined]) {
      for (const subject of [identity.subject, undefined]) {
        for (const meetup of [meetupId, undefined]) {
          const block = this.#inForce(keyOf(fingerprint, subject, meetup), now);
          if (block !== undefined && (longest === undefined || block.until > longest.until)) longest = block;
        }
      }
    }
    return longest;
  }

  /** The blocks in force, in the order of their last change. */
  list(now: number): readonly Block[] {
    this.#sweep(now);
    return [...this.#bySelector.values()];
  }

  #inForce(key: string, now: number): Block | undefined {
    const block = this.#bySelector.get(key);
    return block !== undefined && block.until > now ? block : undefined;
  }

  #sweep(now: number): void {
    for (const [key, block] of this.#bySelector) if (block.until <= now) this.#bySelector.delete(key);
  }
}

/**
 * The uid of a block that several replicas share, as a UUID of version 8. It is made of the selector: whichever replicas keep somebody out at the
 * same time, it is one block.
 */
export function blockUid({ fingerprint, subject, meetupId }: BlockSelector): string {
  const digits = createHash('sha256')
    .update(keyOf(fingerprint, subject, meetupId))
    .digest('hex');
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`];
  return `${parts.join('-')}-${digits.slice(20, 32)}`;
}

/** Whether the selector fits this identity at this meetup. */
export function selects(
  selector: BlockSelector,
  identity: Pick<Identity, 'fingerprint' | 'subject'>,
  meetupId: string,
): boolean {
  if (selector.fingerprint !== undefined && selector.fingerprint !== identity.fingerprint) return false;
  if (selector.subject !== undefined && selector.subject !== identity.subject) return false;
  return selector.meetupId === undefined || selector.meetupId === meetupId;
}

function keyOf(fingerprint: string | undefined, subject: string | undefined, meetupId: string | undefined): string {
  return JSON.stringify([fingerprint ?? null, subject ?? null, meetupId ?? null]);
}

const NOBODY = keyOf(undefined, undefined, undefined);
