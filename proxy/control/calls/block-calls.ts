import type { Block, BlockSelector, Blocks } from '../../policy/limits/blocks.js';
import type { Clock } from '../../ports/clock.js';
import type { Steering } from '../../session/steering.js';
import { faultOf } from '../../wire/path.js';
import type { BlockPeerRequest__Output } from '../generated/micronets/wsproxy/control/v1/BlockPeerRequest.js';
import type { BlockPeerResponse } from '../generated/micronets/wsproxy/control/v1/BlockPeerResponse.js';
import type { ListBlocksRequest__Output } from '../generated/micronets/wsproxy/control/v1/ListBlocksRequest.js';
import type { ListBlocksResponse } from '../generated/micronets/wsproxy/control/v1/ListBlocksResponse.js';
import type { UnblockPeerRequest__Output } from '../generated/micronets/wsproxy/control/v1/UnblockPeerRequest.js';
import type { UnblockPeerResponse } from '../generated/micronets/wsproxy/control/v1/UnblockPeerResponse.js';
import type { Caller } from '../rpc/caller.js';
import { badField, notFound } from '../rpc/fault.js';
import { durationWithin, fingerprintIn, idIn, reasonIn, subjectIn } from '../rpc/field-values.js';
import { blockResource } from '../sessions/resource.js';
import { cutPage, type ListPosition } from './list-page.js';
import { BLOCK_TIME, type BlockOrder, setBlockIn } from './set-block.js';

/** BlockPeer, UnblockPeer, ListBlocks. All throw Fault. */
export class BlockCalls {
  readonly #blocks: Blocks;
  readonly #steering: Steering;
  readonly #clock: Clock;

  constructor(blocks: Blocks, steering: Steering, clock: Clock) {
    this.#blocks = blocks;
    this.#steering = steering;
    this.#clock = clock;
  }

  /** Sets a block and ends every live connection that it matches. */
  block(request: BlockPeerRequest__Output, caller: Caller): BlockPeerResponse {
    const { selector, order } = blockOrderIn(request, caller, this.#clock.now());
    const block = setBlockIn(this.#blocks)(selector, order);
    const ended = this.#steering.end({ t: 'selected', selector }, { label: 'blocked', detail: order.reason });
    return { block: blockResource(block), ended_connections: ended };
  }

  unblock(request: UnblockPeerRequest__Output): UnblockPeerResponse {
    const block = this.#blocks.remove(idIn(request.name, 'blocks'), this.#clock.now());
    if (block === undefined) throw notFound('Block', request.name, 'no block in force has this name');
    return { block: blockResource(block) };
  }

  list(request: ListBlocksRequest__Output): ListBlocksResponse {
    const items = this.#blocks.list(this.#clock.now());
    const position = ({ since, uid }: Block): ListPosition => ({ key: since, uid });
    const listing = { items, position, descending: false, question: ['blocks'] };
    const cut = cutPage(listing, request.page_size, request.page_token);
    return {
      blocks: cut.items.map(blockResource),
      next_page_token: cut.nextPageToken,
      total_size: cut.totalSize,
    };
  }
}

/** Reads the order in a request. `now`: milliseconds since the epoch. Throws Fault. */
export function blockOrderIn(
  request: BlockPeerRequest__Output,
  caller: Caller,
  now: number,
): { readonly selector: BlockSelector; readonly order: BlockOrder } {
  const selector = selectorIn(request);
  const reason = reasonIn(request.reason);
  const time = durationWithin('duration', request.duration, BLOCK_TIME.least, BLOCK_TIME.most);
  if (time === undefined) throw badField('duration', 'is needed: a block that lasts belongs in the policy');
  return { selector, order: { reason, by: caller.identity, time, now } };
}

function selectorIn(request: BlockPeerRequest__Output): BlockSelector {
  const fingerprint = fingerprintIn(request.fingerprint);
  const subject = subjectIn(request.subject);
  const meetupId = request.meetup_id === '' ? undefined : request.meetup_id;
  const fault = meetupId === undefined ? undefined : faultOf(meetupId);
  if (fault !== undefined) throw badField('meetup_id', fault);
  if (fingerprint === undefined && subject === undefined && meetupId === undefined) {
    throw badField('fingerprint', 'at least one of fingerprint, subject and meetup_id is needed');
  }
  return {
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(subject === undefined ? {} : { subject }),
    ...(meetupId === undefined ? {} : { meetupId }),
  };
}
