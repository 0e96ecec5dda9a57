import { status as Code, Metadata, type ServiceError } from '@grpc/grpc-js';
import { DETAILS_TRAILER, reasonOf } from '../rpc/error-details.js';
import { Fault, type Reason, retryAfter } from '../rpc/fault.js';
import type { Replica } from './replica.js';

/**
 * How a replica failed to answer a call.
 * - `gone`: another run answers at its address, so this one has ended.
 * - `unreachable`: it did not answer, or not in time, or it stops.
 * - `refused`: it answered with a failure of its own.
 */
export type Miss =
  | { readonly t: 'gone' }
  | { readonly t: 'unreachable' }
  | { readonly t: 'refused'; readonly error: ServiceError };

/** Tells what a failed call says of the replica that was asked. */
export function missOf(error: ServiceError): Miss {
  const reason = reasonOf(error);
  if (reason === 'REPLICA_REPLACED') return { t: 'gone' };
  // A failure without a reason is the library's: nothing of ours has answered.
  if (reason === '' || reason === 'STOPPING' || error.code === Code.DEADLINE_EXCEEDED) return { t: 'unreachable' };
  return { t: 'refused', error };
}

/** What the replicas said to one question. */
export interface Answers<Answer> {
  readonly answered: readonly { readonly replica: Replica; readonly answer: Answer }[];
  readonly refused: readonly { readonly replica: Replica; readonly error: ServiceError }[];
  /** Names of those that did not answer; each once. */
  readonly unreachable: readonly string[];
}

/** Asks each replica and waits for all. Never rejects, unless the question itself throws anything else than ServiceError. */
export async function answersOf<Answer>(
  replicas: readonly Replica[],
  ask: (replica: Replica) => Promise<Answer>,
): Promise<Answers<Answer>> {
  const answered: { replica: Replica; answer: Answer }[] = [];
  const refused: { replica: Replica; error: ServiceError }[] = [];
  const unreachable: string[] = [];
  const outcomes = await Promise.allSettled(replicas.map(ask));
  for (const [at, replica] of replicas.entries()) {
    const outcome = outcomes[at];
    if (outcome === undefined) continue;
    if (outcome.status === 'fulfilled') {
      answered.push({ replica, answer: outcome.value });
      continue;
    }
    const miss = missOf(serviceErrorIn(outcome.reason));
    if (miss.t === 'refused') refused.push({ replica, error: miss.error });
    else if (miss.t === 'unreachable') unreachable.push(replica.name);
  }
  return { answered, refused, unreachable };
}

/** Most names of replicas in one answer. */
export const MAX_NAMED = 256;

/** The names of replicas that did not answer, each once, in order. */
export function namedOnce(...names: readonly (readonly string[])[]): string[] {
  return [...new Set(names.flat())].sort().slice(0, MAX_NAMED);
}

/** The names of replicas whose answer is not there: they did not answer, refused, or cannot be asked. */
export function missedIn(
  { refused, unreachable }: Pick<Answers<unknown>, 'refused' | 'unreachable'>,
  unasked: readonly string[],
): string[] {
  return namedOnce(
    unreachable,
    refused.map(({ replica }) => replica.name),
    unasked,
  );
}

/** The failure of another replica, passed on as it came. */
export class PassedFault extends Fault {
  readonly #error: ServiceError;

  constructor(error: ServiceError) {
    super(error.code, (reasonOf(error) || 'INTERNAL') as Reason, error.details);
    this.#error = error;
  }

  override toStatus(): ReturnType<Fault['toStatus']> {
    const { code, details, metadata: trailers } = this.#error;
    const metadata = new Metadata();
    for (const value of trailers.get(DETAILS_TRAILER)) metadata.add(DETAILS_TRAILER, value);
    return { code, details, metadata };
  }
}

/** Most names of replicas in one failure: its details travel in a header. */
const MAX_TOLD = 16;

/** The failure of a call whose answer depends on replicas that did not answer. `what` says what is therefore not known. */
export function unreachable(names: readonly string[], what: string): Fault {
  const told = names.slice(0, MAX_TOLD);
  const more = names.length > told.length ? ` and ${names.length - told.length} more` : '';
  const who = `${names.length === 1 ? 'replica' : 'replicas'} ${told.join(', ')}${more}`;
  return new Fault(Code.UNAVAILABLE, 'REPLICA_UNREACHABLE', `${who} did not answer: ${what}`, {
    particulars: { replicas: told.join(',') },
    details: [retryAfter(1)],
  });
}

function serviceErrorIn(reason: unknown): ServiceError {
  if (reason instanceof Error && 'code' in reason && 'metadata' in reason) return reason as ServiceError;
  throw reason;
}
