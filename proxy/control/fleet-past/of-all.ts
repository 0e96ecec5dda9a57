import { status as Code, type Metadata } from '@grpc/grpc-js';
import { answersOf, missedIn, PassedFault, unreachable } from '../fleet/answers.js';
import type { FleetParts } from '../fleet/fleet-parts.js';
import { READ_TIME } from '../fleet/replica.js';
import type { AnswerOf, RequestOf } from '../rpc/handlers.js';

type Question = 'GetHistory' | 'ListRefusals' | 'ListCalls' | 'CountReconnects';

/** Asks every replica, this one too. `missed`: names of those whose answer is not there. Throws Fault where the question itself is wrong, or nobody answers. */
export async function ofAll<M extends Question>(
  { roster }: FleetParts,
  method: M,
  request: RequestOf<M>,
  headers: Metadata,
): Promise<{ readonly answers: readonly AnswerOf<M>[]; readonly missed: string[] }> {
  const { replicas, unasked } = await roster();
  const said = await answersOf(replicas, (one) => one.ask(method, request, headers, READ_TIME));
  // Another replica of another version may not know a field; only what this one does not take is wrong.
  const wrong = said.refused.find(({ replica, error }) => replica.isSelf && error.code === Code.INVALID_ARGUMENT);
  if (wrong !== undefined) throw new PassedFault(wrong.error);
  const missed = missedIn(said, unasked);
  const [first] = said.refused;
  if (said.answered.length > 0) return { answers: said.answered.map(({ answer }) => answer), missed };
  if (first !== undefined) throw new PassedFault(first.error);
  throw unreachable(missed, 'what happened there is not known');
}
