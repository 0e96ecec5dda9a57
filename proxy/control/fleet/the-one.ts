import { reasonOf } from '../rpc/error-details.js';
import { Fault, notFound, type Reason } from '../rpc/fault.js';
import { answersOf, namedOnce, PassedFault, unreachable } from './answers.js';
import { type FleetParts, othersIn } from './fleet-parts.js';
import type { Replica, Roster } from './replica.js';

/** Something that one replica has. */
export interface Sought {
  readonly kind: 'Session' | 'Peer';
  readonly name: string;
}

/**
 * Answers by the replica that has what is sought: this one, or the one of the others that does. Throws Fault: NOT_FOUND when all have answered
 * that they don't have it.
 *
 * @param here makes the call on this replica
 * @param there makes it on another one; rejects with ServiceError
 */
export async function ofTheOne<Answer>(
  parts: FleetParts,
  { kind, name }: Sought,
  here: () => Answer | Promise<Answer>,
  there: (replica: Replica) => Promise<Answer>,
): Promise<Answer> {
  const missing = kind === 'Session' ? 'SESSION_NOT_FOUND' : 'PEER_NOT_FOUND';
  try {
    return await here();
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== missing) throw error;
  }
  const unknown = `whether one of them has ${name} is not known`;
  const found = await answerOfTheOne({ roster: await othersIn(parts), ask: there, missing, unknown });
  if (found !== undefined) return found.answer;
  throw notFound(kind, name, `no live ${kind.toLowerCase()} of any replica has this name`);
}

/** A question that one replica of all can answer. */
interface OneOfAll<Answer> {
  /** The replicas to ask; those that cannot be asked count as not answering. */
  readonly roster: Roster;
  /** Rejects with ServiceError. */
  readonly ask: (replica: Replica) => Promise<Answer>;
  /** The reason of a replica that has nothing to do with it. */
  readonly missing: Reason;
  /** What is not known while a replica does not answer. */
  readonly unknown: string;
}

/**
 * Asks all replicas at once; the one that can answer does, and the others are not waited for. Undefined when all have answered that they have
 * nothing to do with it. Throws Fault: UNAVAILABLE when some did not answer, else the failure of the one that failed.
 */
async function answerOfTheOne<Answer>(question: OneOfAll<Answer>): Promise<{ readonly answer: Answer } | undefined> {
  const { roster, missing } = question;
  const asked = new Map(roster.replicas.map((replica) => [replica, question.ask(replica)]));
  const first = await Promise.any(asked.values()).then(
    (answer) => ({ answer }),
    () => undefined,
  );
  if (first !== undefined) return first;
  const { refused, unreachable: silent } = await answersOf(
    roster.replicas,
    (replica) => asked.get(replica) ?? question.ask(replica),
  );
  const failed = refused.find(({ error }) => reasonOf(error) !== missing);
  if (failed !== undefined) throw new PassedFault(failed.error);
  const names = namedOnce(silent, roster.unasked);
  if (names.length > 0) throw unreachable(names, question.unknown);
  return undefined;
}
