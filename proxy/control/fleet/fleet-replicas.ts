import { status as Code, type Metadata } from '@grpc/grpc-js';
import type { Caller } from '../rpc/caller.js';
import { reasonOf } from '../rpc/error-details.js';
import { Fault, notFound } from '../rpc/fault.js';
import type { AnswerOf, ControlCalls, RequestOf, UnaryMethod } from '../rpc/handlers.js';
import { type Answers, answersOf, missedIn, PassedFault, unreachable } from './answers.js';
import { type FleetParts, othersIn } from './fleet-parts.js';
import { passOn } from './pass-on.js';
import { CHANGE_TIME, READ_TIME, type Replica } from './replica.js';

/** The calls of the fleet that are about its replicas. */
export type FleetReplicaCalls = Pick<
  ControlCalls,
  'DrainReplica' | 'GetDrain' | 'WatchDrain' | 'GetServerInfo' | 'ReloadPolicy' | 'SetLogLevel' | 'SetMeetupLogLevel'
>;

/** Answers calls about replicas: of the one that is named, or of all. */
export function fleetReplicaCalls(parts: FleetParts): FleetReplicaCalls {
  const { own, replica: ownName } = parts;
  const isOwn = (name: string): boolean => name === '' || name === ownName;
  return {
    DrainReplica: async (request, caller, headers) => {
      if (isOwn(request.replica)) return own.DrainReplica(request, caller, headers);
      return (await ofNamed(parts, request.replica, 'DrainReplica', request, headers, CHANGE_TIME)).answer;
    },

    GetDrain: async (request, caller, headers) => {
      if (isOwn(request.replica)) return own.GetDrain(request, caller, headers);
      return (await ofNamed(parts, request.replica, 'GetDrain', request, headers, READ_TIME)).answer;
    },

    WatchDrain: (request, outlet, caller, headers) => {
      if (isOwn(request.replica)) return own.WatchDrain(request, outlet, caller, headers);
      const watch = async (): Promise<void> => {
        const { replica } = await ofNamed(parts, request.replica, 'GetDrain', request, headers, READ_TIME);
        passOn(replica.open('WatchDrain', request, headers), outlet, replica.name);
      };
      watch().catch((error: unknown) => outlet.fail(error));
    },

    GetServerInfo: async (request, caller, headers) => {
      const mine = await own.GetServerInfo(request, caller, headers);
      const { answers, missed } = await ofOthers(parts, 'GetServerInfo', request, headers, READ_TIME);
      const servers = [mine, ...answers.answered.map(({ answer }) => answer)].flatMap(({ server }) => server ?? []);
      return { ...mine, replicas: servers, unreachable_replicas: missed };
    },

    ReloadPolicy: async (request, caller, headers) => {
      const [mine, { answers, missed }] = await Promise.all([
        reloadHere(parts, caller, headers),
        ofOthers(parts, 'ReloadPolicy', request, headers, CHANGE_TIME),
      ]);
      refuseInvalid(parts, mine, answers);
      if (mine instanceof Fault) throw mine;
      const done = [{ replica: ownName, ...mine }];
      for (const { replica, answer } of answers.answered) done.push({ ...answer, replica: replica.name });
      return {
        policy: mine.policy ?? null,
        changed: done.some(({ changed }) => changed),
        ended_connections: done.reduce((sum, { ended_connections: ended = 0 }) => sum + ended, 0),
        replicas: done.map(({ replica, policy = null, changed = false }) => ({ replica, policy, changed })),
        unreachable_replicas: missed,
      };
    },

    SetLogLevel: async (request, caller, headers) => {
      const mine = await own.SetLogLevel(request, caller, headers);
      const { missed } = await ofOthers(parts, 'SetLogLevel', request, headers, CHANGE_TIME);
      return { ...mine, unreachable_replicas: missed };
    },

    SetMeetupLogLevel: async (request, caller, headers) => {
      const mine = await own.SetMeetupLogLevel(request, caller, headers);
      const { missed } = await ofOthers(parts, 'SetMeetupLogLevel', request, headers, CHANGE_TIME);
      return { ...mine, unreachable_replicas: missed };
    },
  };
}

/** Asks every other replica. `missed`: names of those that did not answer, or refused for another reason than that their policy is not valid. */
async function ofOthers<M extends UnaryMethod>(
  parts: FleetParts,
  method: M,
  request: RequestOf<M>,
  headers: Metadata,
  time: number,
): Promise<{ readonly answers: Answers<AnswerOf<M>>; readonly missed: string[] }> {
  const { replicas, unasked } = await othersIn(parts);
  const answers = await answersOf(replicas, (replica) => replica.ask(method, request, headers, time));
  const refused = answers.refused.filter(({ error }) => reasonOf(error) !== 'POLICY_INVALID');
  return { answers, missed: missedIn({ ...answers, refused }, unasked) };
}

/** Asks the replica of that name. Throws Fault when there is none, when it does not answer, and when it refuses. */
async function ofNamed<M extends UnaryMethod>(
  parts: FleetParts,
  name: string,
  method: M,
  request: RequestOf<M>,
  headers: Metadata,
  time: number,
): Promise<{ readonly replica: Replica; readonly answer: AnswerOf<M> }> {
  const { replicas, unasked } = await othersIn(parts);
  const named = replicas.filter((one) => one.name === name);
  const answers = await answersOf(named, (replica) => replica.ask(method, request, headers, time));
  const [first] = answers.answered;
  if (first !== undefined) return first;
  const [refused] = answers.refused;
  if (refused !== undefined) throw new PassedFault(refused.error);
  if (answers.unreachable.length > 0 || unasked.includes(name)) throw unreachable([name], 'it is asked by name');
  const known = [parts.replica, ...replicas.map((one) => one.name)].slice(0, MAX_TOLD).join(', ');
  throw notFound('Replica', name.slice(0, 128), `no replica of the fleet has this name; there are ${known}`);
}

/** Most names of replicas in one failure. */
const MAX_TOLD = 16;

/** Reloads the policy of this replica; a file that is not valid is an answer here, since the others are asked all the same. */
async function reloadHere(
  { own }: FleetParts,
  caller: Caller,
  headers: Metadata,
): Promise<Awaited<ReturnType<ControlCalls['ReloadPolicy']>> | Fault> {
  try {
    return await own.ReloadPolicy({}, caller, headers);
  } catch (error) {
    if (error instanceof Fault && error.reason === 'POLICY_INVALID') return error;
    throw error;
  }
}

/** Throws one Fault for every replica whose file is not valid, each with the place. */
function refuseInvalid(parts: FleetParts, mine: object, { refused }: Answers<unknown>): void {
  const wrong = refused.filter(({ error }) => reasonOf(error) === 'POLICY_INVALID');
  const told = wrong.map(({ replica, error }) => `${replica.name}: ${error.details}`);
  if (mine instanceof Fault) told.unshift(`${parts.replica}: ${mine.message}`);
  if (told.length === 0) return;
  const more = told.length > MAX_TOLD ? `\nand ${told.length - MAX_TOLD} more replicas` : '';
  throw new Fault(Code.FAILED_PRECONDITION, 'POLICY_INVALID', `${told.slice(0, MAX_TOLD).join('\n')}${more}`);
}
