import type { Block, Blocks } from '../policy/blocks.js';
import type { Peer } from '../session/peer.js';
import type { Clock } from '../session/ports.js';
import type { Registry } from '../session/registry.js';
import type { Session } from '../session/session.js';
import type { Caller } from './caller.js';
import { notFound } from './fault.js';
import type { KickSessionRequest__Output } from './generated/micronets/wsproxy/control/v1/KickSessionRequest.js';
import type { KickSessionResponse } from './generated/micronets/wsproxy/control/v1/KickSessionResponse.js';
import { BLOCK_TIME, setBlock } from './order.js';
import type { SessionStatistics } from './ports.js';
import { blockResource, sessionResource } from './resource.js';
import type { SessionIndex } from './session-index.js';
import { sessionNamed } from './session-name.js';
import { viewOf } from './session-view.js';
import { reasonIn } from './text-field.js';
import { durationWithin } from './timestamp.js';

export interface KickParts {
  readonly registry: Registry;
  readonly index: SessionIndex;
  readonly blocks: Blocks;
  readonly statistics: SessionStatistics;
  readonly clock: Clock;
  readonly replica: string;
}

/** KickSession: ends both peers or one, and can keep them out. Nothing is done when anything is wrong. Throws Fault. */
export function kickSession(
  parts: KickParts,
  request: KickSessionRequest__Output,
  caller: Caller,
): KickSessionResponse {
  const reason = reasonIn(request.reason);
  const time = durationWithin('block_duration', request.block_duration, BLOCK_TIME.least, BLOCK_TIME.most);
  const session = sessionNamed(parts.index, request.name);
  const kicked = targets(session, request.peer_uid);

  const now = parts.clock.now();
  const order = time === undefined ? undefined : { reason, by: caller.identity, time, now };
  const blocks = order === undefined ? [] : kicked.map((peer) => setBlock(parts.blocks, selectorOf(peer), order));

  parts.registry.end(new Map(kicked.map((peer) => [peer, { label: 'kicked', detail: reason }])));

  return {
    session: sessionResource(viewOf(session, parts.statistics), parts.replica),
    kicked_peer_uids: kicked.map((peer) => peer.uid),
    blocks: distinct(blocks).map(blockResource),
  };
}

function targets(session: Session, uid: string): readonly Peer[] {
  if (uid === '') return session.peers;
  const peer = session.peers.find((one) => one.uid === uid);
  if (peer === undefined) throw notFound('Peer', uid, 'no peer of this session has this uid');
  return [peer];
}

/** The certificate at this meetup only: many peers may share one certificate. */
function selectorOf({ admission }: Peer): { fingerprint: string; meetupId: string } {
  return { fingerprint: admission.identity.fingerprint, meetupId: admission.meetupId };
}

/** Both peers of a pair may carry one certificate: then it is one block. */
function distinct(blocks: readonly Block[]): readonly Block[] {
  return [...new Map(blocks.map((block) => [block.uid, block])).values()];
}
