import { status as Code, type Metadata } from '@grpc/grpc-js';
import { ambiguous, noneRefusedAt } from '../calls/remembered-subject.js';
import { answersOf, missedIn, PassedFault, unreachable } from '../fleet/answers.js';
import type { FleetParts } from '../fleet/fleet-parts.js';
import { READ_TIME } from '../fleet/replica.js';
import { ofTheOne } from '../fleet/the-one.js';
import { MOST_RECORDS } from '../past/past-query.js';
import { msOf } from '../past/words.js';
import type { Caller } from '../rpc/caller.js';
import { reasonOf } from '../rpc/error-details.js';
import { notFound } from '../rpc/fault.js';
import type { AnswerOf, AskedOf, ControlCalls, GivenOf } from '../rpc/handlers.js';
import { ofAll } from './of-all.js';

type Request = AskedOf<'ExplainAccess'>;
type Response = GivenOf<'ExplainAccess'>;

/** Answers ExplainAccess where any replica may remember the certificate that is meant, and each another one. */
export function fleetExplain(parts: FleetParts): Pick<ControlCalls, 'ExplainAccess'> {
  return {
    ExplainAccess: (request, caller, headers) => {
      if (request.last_refused === true) return ofLastRefused(parts, request, caller, headers);
      const { subject_part: part = '' } = request;
      return part === '' ? ofPeer(parts, request, caller, headers) : ofSubject(parts, part, request, headers);
    },
  };
}

/** Explains by the replica that knows the peer or the certificate. */
function ofPeer(parts: FleetParts, request: Request, caller: Caller, headers: Metadata): Promise<Response> {
  const { peer_uid: uid, fingerprint } = request;
  return ofTheOne<Response>(
    parts,
    { kind: 'Peer', name: (uid || fingerprint || '').slice(0, MAX_NAME) },
    () => parts.own.ExplainAccess(request, caller, headers),
    (replica) => replica.ask('ExplainAccess', request, headers, READ_TIME),
  );
}

/** Explains the certificate that was refused last, on whichever replica. */
async function ofLastRefused(
  parts: FleetParts,
  { meetup_id }: Request,
  caller: Caller,
  headers: Metadata,
): Promise<Response> {
  const asked = { meetup_id, limit: MOST_RECORDS };
  const { answers, missed } = await ofAll(parts, 'GetHistory', asked, headers);
  const verified = answers.flatMap(({ refusals }) => refusals).filter((refusal) => refusal.verified);
  const [last] = verified.toSorted((a, b) => msOf(b.last_time) - msOf(a.last_time));
  if (last === undefined) {
    if (missed.length > 0)
      throw unreachable(missed, `whether one of them refused somebody at ${meetup_id} is not known`);
    throw noneRefusedAt(meetup_id);
  }
  const { fingerprint } = last;
  return withMissed(await ofPeer(parts, { meetup_id, fingerprint }, caller, headers), missed);
}

/** Explains the one certificate with this in its subject, as far as all replicas know. */
async function ofSubject(parts: FleetParts, part: string, request: Request, headers: Metadata): Promise<Response> {
  const { replicas, unasked } = await parts.roster();
  const said = await answersOf(replicas, (one) => one.ask('ExplainAccess', request, headers, READ_TIME));
  const wrong = said.refused.find(({ error }) => error.code === Code.INVALID_ARGUMENT);
  if (wrong !== undefined) throw new PassedFault(wrong.error);
  const refused = said.refused.filter(({ error }) => reasonOf(error) !== 'PEER_NOT_FOUND');
  const missed = missedIn({ ...said, refused }, unasked);
  const found = new Map(said.answered.map(({ answer }) => [answer.fingerprint, answer]));
  const [first] = found.values();
  const name = part.slice(0, MAX_NAME);
  if (first === undefined) {
    if (missed.length > 0) throw unreachable(missed, `whether one of them has ${name} is not known`);
    throw notFound('Peer', name, 'no certificate of this subject_part is remembered on any replica');
  }
  if (found.size > 1) throw ambiguous('subject_part', [...found.values()].map(certificateOf));
  return withMissed(first, missed);
}

function certificateOf({ certificate_subject: subject, fingerprint }: AnswerOf<'ExplainAccess'>) {
  return { subject, fingerprint };
}

/** Says which replicas may remember another certificate. */
function withMissed(answer: Response, missed: readonly string[]): Response {
  const steps = missed.map((name) => `replica ${name} did not tell what it remembers: that may be another certificate`);
  return { ...answer, steps: [...(answer.steps ?? []), ...steps] };
}

/** Longest name of what is sought in a failure, characters. */
const MAX_NAME = 128;
