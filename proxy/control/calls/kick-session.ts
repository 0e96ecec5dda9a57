import type { Block } from '../../policy/limits/blocks.js';
import type { Clock } from '../../ports/clock.js';
import type { Steering } from '../../session/steering.js';
import type { Overview } from '../../session/views/overview.js';
import type { PeerView, SessionView } from '../../session/views/view.js';
import type { KickSessionRequest__Output } from '../generated/micronets/wsproxy/control/v1/KickSessionRequest.js';
import type { KickSessionResponse } from '../generated/micronets/wsproxy/control/v1/KickSessionResponse.js';
import type { Caller } from '../rpc/caller.js';
import { notFound } from '../rpc/fault.js';
import { durationWithin, reasonIn } from '../rpc/field-values.js';
import { blockResource, sessionNamed, sessionResource } from '../sessions/resource.js';
import { BLOCK_TIME, type SetBlock } from './set-block.js';

export interface KickParts {
  readonly overview: Overview;
  readonly steering: Steering;
  readonly setBlock: SetBlock;
  readonly clock: Clock;
  readonly replica: string;
}

/** KickSession: ends both peers or one, and can keep them out. A request that is wrong in any field changes nothing. Throws Fault. */
export async function kickSession(
  parts: KickParts,
  request: KickSessionRequest__Output,
  caller: Caller,
): Promise<KickSessionResponse> {
  const reason = reasonIn(request.reason);
  const time = durationWithin('block_duration', request.block_duration, BLOCK_TIME.least, BLOCK_TIME.most);
  const session = sessionNamed(parts.overview, request.name);
  const kicked = targets(session(), request.peer_uid);
  const uids = kicked.map(({ uid }) => uid);

  const now = parts.clock.now();
  const order = time === undefined ? undefined : { reason, by: caller.identity, time, now };
  // The blocks come first: a kicked peer that returns at once finds them in force.
  const blocks =
    order === undefined ? [] : await Promise.all(kicked.map((peer) => parts.setBlock(selectorOf(peer), order)));

  parts.steering.end({ t: 'peers', uids }, { label: 'kicked', detail: reason });

  return {
    session: sessionResource(session(), parts.replica),
    kicked_peer_uids: uids,
    blocks: distinct(blocks).map(blockResource),
  };
}

function targets(session: SessionView, uid: string): readonly PeerView[] {
  if (uid === '') return session.peers;
  const peer = session.peers.find((one) => one.uid === uid);
  if (peer === undefined) throw notFound('Peer', uid, 'no peer of this session has this uid');
  return [peer];
}

/** A block covers the certificate at this meetup only, since many peers may share one certificate. */
function selectorOf({ identity, meetupId }: PeerView): { fingerprint: string; meetupId: string } {
  return { fingerprint: identity.fingerprint, meetupId };
}

/** Peers of a pair that share a certificate get one block. */
function distinct(blocks: readonly Block[]): readonly Block[] {
  return [...new Map(blocks.map((block) => [block.uid, block])).values()];
}
