import { status as Code, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { silenceIn } from '../calls/watch-sessions.js';
import { readFilter } from '../filter/filter.js';
import type { ListSessionsResponse } from '../generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { Caller } from '../rpc/caller.js';
import { badField, Fault, notFound, type Reason } from '../rpc/fault.js';
import type { AnswerOf, AskedOf, ControlCalls, GivenOf, RequestOf, UnaryMethod } from '../rpc/handlers.js';
import { missOf, namedOnce, PassedFault } from './answers.js';
import { type FleetParts, othersIn } from './fleet-parts.js';
import { FleetWatch } from './fleet-watch.js';
import { mergedPage } from './list-merge.js';
import { HEARTBEAT_TIME } from './member-watch.js';
import { passOn } from './pass-on.js';
import { CHANGE_TIME, READ_TIME, type Replica } from './replica.js';
import { answerOfTheOne } from './the-one.js';
import { standingsIn } from './watch-token.js';

/** The calls of the fleet that are about sessions. */
export type FleetSessionCalls = Pick<
  ControlCalls,
  'ListSessions' | 'GetSession' | 'WatchSessions' | 'KickSession' | 'TapSession' | 'ExplainAccess'
>;

/** Answers calls about sessions for all replicas. */
export function fleetSessionCalls(parts: FleetParts): FleetSessionCalls {
  const { own, clock, replica } = parts;
  return {
    ListSessions: async (request, caller, headers) => {
      const { replicas, unasked } = await parts.roster();
      const sources = replicas.map((one) => ({
        replica: one.name,
        page: async (token: string, size: number): Promise<ListSessionsResponse | undefined> => {
          const asked = { ...request, page_token: token, page_size: size };
          return one.isSelf ? own.ListSessions(asked, caller, headers) : pageOf(one, asked, headers);
        },
      }));
      const page = await mergedPage(sources, request);
      return {
        sessions: page.sessions,
        next_page_token: page.nextPageToken,
        total_size: page.totalSize,
        unreachable_replicas: namedOnce(page.unreachable, unasked),
      };
    },

    GetSession: (request, caller, headers) => ofTheOne(parts, SESSION, 'GetSession', request, caller, headers),
    KickSession: (request, caller, headers) => ofTheOne(parts, SESSION, 'KickSession', request, caller, headers),
    ExplainAccess: (request, caller, headers) => ofTheOne(parts, PEER, 'ExplainAccess', request, caller, headers),

    WatchSessions: (request, outlet, _caller, headers) => {
      const filter = readFilter(request.filter, replica);
      if ('fault' in filter) throw badField('filter', filter.fault);
      const silence = silenceIn(request);
      const { resume_token: token } = request;
      const standings = token === '' ? undefined : standingsIn(token, request.filter);
      const open = (one: Replica, resume_token: string) =>
        one.open(
          'WatchSessions',
          { filter: request.filter, resume_token, heartbeat_interval: { seconds: HEARTBEAT_TIME / 1000, nanos: 0 } },
          headers,
        );
      new FleetWatch({ clock, outlet, roster: parts.recentRoster, open, filter: request.filter, silence }, standings);
    },

    TapSession: (request, outlet, caller, headers) => {
      const tap = async (): Promise<void> => {
        const server = await serverOf(parts, request.name, caller, headers);
        if (server === undefined) own.TapSession(request, outlet, caller, headers);
        else passOn(server.open('TapSession', request, headers), outlet, server.name);
      };
      tap().catch((error: unknown) => outlet.fail(error));
    },
  };
}

/** The fields by which a request names what is sought. */
interface Named {
  readonly name?: string;
  readonly peer_uid?: string;
  readonly fingerprint?: string;
  readonly subject_part?: string;
  readonly meetup_id?: string;
}

/** Something that one replica has. */
interface Sought {
  /** The reason of a replica that does not have it. */
  readonly missing: Reason;
  readonly kind: 'Session' | 'Peer';
  /** The name of what is sought in a request. */
  readonly named: (request: Named) => string;
}

const SESSION: Sought = { missing: 'SESSION_NOT_FOUND', kind: 'Session', named: ({ name = '' }) => name };
const PEER: Sought = { missing: 'PEER_NOT_FOUND', kind: 'Peer', named: personIn };

function personIn({ peer_uid: uid, fingerprint, subject_part: subject, meetup_id: meetup }: Named): string {
  return (uid || fingerprint || subject || `who was last refused at ${meetup}`).slice(0, 128);
}

/** Answers by the replica that has what is sought: this one, or the one of the others that does. Throws Fault. */
async function ofTheOne<M extends 'GetSession' | 'KickSession' | 'ExplainAccess'>(
  parts: FleetParts,
  { missing, kind, named }: Sought,
  method: M,
  request: AskedOf<M>,
  caller: Caller,
  headers: Metadata,
): Promise<GivenOf<M>> {
  try {
    return await (parts.own[method] as OwnCall<M>)(request, caller, headers);
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== missing) throw error;
  }
  const time = method === 'KickSession' ? CHANGE_TIME : READ_TIME;
  const name = named(request);
  const found = await answerOfTheOne<AnswerOf<M>>({
    roster: await othersIn(parts),
    ask: (replica) => replica.ask<M>(method, request as RequestOf<M>, headers, time),
    missing,
    unknown: `whether one of them has ${name} is not known`,
  });
  if (found !== undefined) return found.answer as GivenOf<M>;
  throw notFound(kind, name, `no live ${kind.toLowerCase()} of any replica has this name`);
}

type OwnCall<M extends UnaryMethod> = (
  request: AskedOf<M>,
  caller: Caller,
  headers: Metadata,
) => GivenOf<M> | Promise<GivenOf<M>>;

/** The replica that serves a session; undefined when it is this one. Throws Fault. */
async function serverOf(
  parts: FleetParts,
  name: string,
  caller: Caller,
  headers: Metadata,
): Promise<Replica | undefined> {
  const { missing, kind } = SESSION;
  try {
    await parts.own.GetSession({ name }, caller, headers);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== missing) throw error;
  }
  const found = await answerOfTheOne({
    roster: await othersIn(parts),
    ask: async (replica) => {
      await replica.ask('GetSession', { name }, headers, READ_TIME);
      return replica;
    },
    missing,
    unknown: `whether one of them has ${name} is not known`,
  });
  if (found !== undefined) return found.answer;
  throw notFound(kind, name, 'no live session of any replica has this name');
}

/** A page of another replica's own list; undefined when it does not answer, or does not admit the caller. */
async function pageOf(
  replica: Replica,
  request: RequestOf<'ListSessions'>,
  headers: Metadata,
): Promise<ListSessionsResponse | undefined> {
  try {
    return await replica.ask('ListSessions', request, headers, READ_TIME);
  } catch (error) {
    const miss = missOf(error as ServiceError);
    if (miss.t === 'gone') return {};
    if (miss.t === 'refused' && miss.error.code === Code.INVALID_ARGUMENT) throw new PassedFault(miss.error);
    return undefined;
  }
}
