import { randomUUID } from 'node:crypto';
import type { Identity } from '../../x509/identity.js';

/** Whom a block keeps out: all that is given must fit; what is left out fits everybody. */
export interface BlockSelector {
  /** SHA-256 of the certificate, 64 lower-case hex digits. */
  readonly fingerprint?: string;
  /** The certificate's whole subject, as the identity has it. */
  readonly subject?: string;
  readonly meetupId?: string;
}

/** An operator's order to keep someone out for a time. Times are milliseconds since the epoch. */
export interface Block extends BlockSelector {
  readonly uid: string;
  /** Told to whoever is refused. */
  readonly reason: string;
  /** Who gave the order, for people. */
  readonly by: string;
  readonly since: number;
  /** The first moment at which the block is over. */
  readonly until: number;
}

/** Most blocks at one time. */
export const MAX_BLOCKS = 4096;

/** The blocks in force. The time is always passed in; a block that is over is as good as gone. */
export class Blocks {
  readonly #capacity: number;
  /** By selector: an identity at a meetup fits seven of them at most, so a check is seven look-ups. */
  readonly #bySelector = new Map<string, Block>();

  constructor(capacity: number = MAX_BLOCKS) {
    this.#capacity = capacity;
  }

  /**
   * Puts a block in force until that time. One with the same selector keeps its uid and beginning and takes the new end, reason
   * and author. Undefined when there is no room. The selector must name something.
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

  /** Lifts a block; undefined when there is none of that uid in force. */
  remove(uid: string, now: number): Block | undefined {
    this.#sweep(now);
    for (const [key, block] of this.#bySelector) {
      if (block.uid !== uid) continue;
      this.#bySelector.delete(key);
      return block;
    }
    return undefined;
  }

  /** The block that keeps this identity out of this meetup for longest, or undefined. */
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

  /** Those in force, in the order of their last change. */
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

/** Does the selector fit this identity at this meetup? */
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
