import { status as Code, type Metadata } from '@grpc/grpc-js';
import { BLOCK_HEADER } from '../../ports/hop-headers.js';
import { blockOrderIn } from '../calls/block-calls.js';
import { Fault } from '../rpc/fault.js';
import { idIn } from '../rpc/field-values.js';
import type { ControlCalls, RequestOf } from '../rpc/handlers.js';
import { Once } from '../rpc/once.js';
import { blockResource } from '../sessions/resource.js';
import { answersOf, missedIn } from './answers.js';
import type { FleetBlocks, WrittenBlock } from './fleet-blocks.js';
import { type FleetParts, othersIn } from './fleet-parts.js';
import { READ_TIME } from './replica.js';

/** The calls that change blocks. */
type BlockChangeCalls = Pick<ControlCalls, 'BlockPeer' | 'UnblockPeer'>;

/** Changes blocks for all replicas: writes to the store, then waits until each says that it is in force there. */
export function fleetBlockCalls(parts: FleetParts, blocks: FleetBlocks): BlockChangeCalls {
  const once = new Once(parts.clock);
  return {
    BlockPeer: (request, caller, headers) =>
      once.do('BlockPeer', caller, request, async () => {
        const { selector, order } = blockOrderIn(request, caller, parts.clock.now());
        const written = await blocks.set(selector, order);
        const { ended, missed } = await inForceEverywhere('BlockPeer', request, written, headers);
        return { block: blockResource(written.block), ended_connections: ended, unreachable_replicas: missed };
      }),

    UnblockPeer: async (request, _caller, headers) => {
      const written = await blocks.lift(idIn(request.name, 'blocks'), request.name);
      const { missed } = await inForceEverywhere('UnblockPeer', request, written, headers);
      return { block: blockResource(written.block), unreachable_replicas: missed };
    },
  };

  async function inForceEverywhere<M extends keyof BlockChangeCalls>(
    method: M,
    request: RequestOf<M>,
    written: WrittenBlock,
    headers: Metadata,
  ): Promise<{ readonly ended: number; readonly missed: string[] }> {
    const numbered = headers.clone();
    numbered.set(BLOCK_HEADER, String(written.sequence));
    const { replicas, unasked } = await othersIn(parts);
    const [isHere, others] = await Promise.all([
      blocks.inForceHere(written),
      answersOf(replicas, (replica) => replica.ask(method, request, numbered, READ_TIME)),
    ]);
    const there = others.answered.reduce((sum, { answer }) => sum + endedIn(answer), 0);
    return {
      ended: there + blocks.endedOf(written.block),
      missed: missedIn(others, isHere ? unasked : [...unasked, parts.replica]),
    };
  }
}

/** Answers another replica that has changed a block: once the change is in force here. */
export function ownBlockCalls(blocks: FleetBlocks): BlockChangeCalls {
  return {
    BlockPeer: async (request, caller, headers) => {
      const { selector } = blockOrderIn(request, caller, 0);
      await inForce(blocks, headers);
      return { ended_connections: blocks.endedOf(selector) };
    },
    UnblockPeer: async (_request, _caller, headers) => {
      await inForce(blocks, headers);
      return {};
    },
  };
}

async function inForce(blocks: FleetBlocks, headers: Metadata): Promise<void> {
  const sequence = Number(headers.get(BLOCK_HEADER)[0] ?? 0);
  if (await blocks.inForceHere({ sequence })) return;
  throw new Fault(Code.UNAVAILABLE, 'STORE_UNREACHABLE', 'this replica has not read the change from the store in time');
}

/** Connections that an answer says were ended. */
function endedIn(answer: object): number {
  return 'ended_connections' in answer && typeof answer.ended_connections === 'number' ? answer.ended_connections : 0;
}
