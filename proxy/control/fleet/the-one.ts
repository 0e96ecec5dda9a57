import type { Reason } from '../rpc/fault.js';
import { answersOf, namedOnce, PassedFault, reasonOf, unreachable } from './answers.js';
import type { Replica, Roster } from './replica.js';

/** A question that one replica of all can answer. */
export interface OneOfAll<Answer> {
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
export async function answerOfTheOne<Answer>(
  question: OneOfAll<Answer>,
): Promise<{ readonly answer: Answer } | undefined> {
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
