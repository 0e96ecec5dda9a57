import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { silenceIn } from '../calls/watch-sessions.js';
import { readFilter } from '../filter/filter.js';
import type { ListSessionsResponse } from '../generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { Caller } from '../rpc/caller.js';
import { badField } from '../rpc/fault.js';
import type { ControlCalls, GivenOf, RequestOf } from '../rpc/handlers.js';
import { missOf, namedOnce } from './answers.js';
import type { FleetParts } from './fleet-parts.js';
import { FleetWatch } from './fleet-watch.js';
import { mergedPage } from './list-merge.js';
import { HEARTBEAT_TIME } from './member-watch.js';
import { passOn } from './pass-on.js';
import { CHANGE_TIME, READ_TIME, type Replica } from './replica.js';
import { ofTheOne, type Sought } from './the-one.js';
import { standingsIn } from './watch-token.js';

/** The calls of the fleet that are about sessions. */
export type FleetSessionCalls = Pick<
  ControlCalls,
  'ListSessions' | 'GetSession' | 'WatchSessions' | 'KickSession' | 'TapSession'
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

    GetSession: (request, caller, headers) =>
      ofTheOne<GivenOf<'GetSession'>>(
        parts,
        session(request),
        () => own.GetSession(request, caller, headers),
        (other) => other.ask('GetSession', request, headers, READ_TIME),
      ),

    KickSession: (request, caller, headers) =>
      ofTheOne<GivenOf<'KickSession'>>(
        parts,
        session(request),
        () => own.KickSession(request, caller, headers),
        (other) => other.ask('KickSession', request, headers, CHANGE_TIME),
      ),

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

/** The replica that serves a session; undefined when it is this one. Throws Fault. */
function serverOf(parts: FleetParts, name: string, caller: Caller, headers: Metadata): Promise<Replica | undefined> {
  return ofTheOne<Replica | undefined>(
    parts,
    session({ name }),
    async () => {
      await parts.own.GetSession({ name }, caller, headers);
      return undefined;
    },
    async (replica) => {
      await replica.ask('GetSession', { name }, headers, READ_TIME);
      return replica;
    },
  );
}

function session({ name }: { readonly name: string }): Sought {
  return { kind: 'Session', name };
}

/**
 * A page of another replica's own list; undefined when it does not answer, or refuses. Whether the question is wrong, this replica says when it is asked
 * for its own list: another one of another version may not know a field or an order, and that alone is no reason to show nothing.
 */
async function pageOf(
  replica: Replica,
  request: RequestOf<'ListSessions'>,
  headers: Metadata,
): Promise<ListSessionsResponse | undefined> {
  try {
    return await replica.ask('ListSessions', request, headers, READ_TIME);
  } catch (error) {
    return missOf(error as ServiceError).t === 'gone' ? {} : undefined;
  }
}
