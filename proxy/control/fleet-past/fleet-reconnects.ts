import type { Metadata } from '@grpc/grpc-js';
import { answersOf } from '../fleet/answers.js';
import type { FleetParts } from '../fleet/fleet-parts.js';
import type { Replica } from '../fleet/replica.js';
import type { Session } from '../generated/micronets/wsproxy/control/v1/Session.js';
import type { ControlCalls } from '../rpc/handlers.js';

/** Time that a replica has to count, milliseconds: a list does not wait long for one figure of its sessions. */
const COUNT_TIME = 500;

/** The calls that tell of sessions with what is remembered of their meetups. */
type SessionCalls = Pick<ControlCalls, 'ListSessions' | 'GetSession'>;

/** Adds to the sessions that these calls tell how often their peers had to meet anew, on all replicas together. */
export function withReconnects({ recentRoster }: FleetParts, calls: SessionCalls): SessionCalls {
  return {
    ListSessions: async (request, caller, headers) => {
      const page = await calls.ListSessions(request, caller, headers);
      const { sessions = [], unreachable_replicas: silent = [] } = page;
      const { replicas } = await recentRoster();
      const answering = replicas.filter(({ name }) => !silent.includes(name));
      return { ...page, sessions: await counted(sessions, answering, headers) };
    },

    GetSession: async (request, caller, headers) => {
      const { session } = await calls.GetSession(request, caller, headers);
      const { replicas } = await recentRoster();
      const [told = null] = session ? await counted([session], replicas, headers) : [];
      return { session: told };
    },
  };
}

/** Each session of a meetup may be on another replica. One that does not answer in time, or remembers nothing, is not counted. */
async function counted(
  sessions: readonly Session[],
  replicas: readonly Replica[],
  headers: Metadata,
): Promise<Session[]> {
  const meetups = sessions.map(({ meetup_id: meetup = '' }) => meetup);
  if (meetups.length === 0 || replicas.length < 2) return [...sessions];
  const question = { meetup_ids: meetups };
  const { answered } = await answersOf(replicas, (one) => one.ask('CountReconnects', question, headers, COUNT_TIME));
  if (answered.length === 0) return [...sessions];
  const counts = summed(
    answered.map(({ answer }) => answer.last_hour),
    meetups.length,
  );
  return sessions.map((session, at) => ({ ...session, reconnects: { last_hour: counts[at] ?? 0 } }));
}

/** Adds up lists of so many counts, place by place. */
export function summed(lists: readonly (readonly number[])[], length: number): number[] {
  return Array.from({ length }, (_, at) => lists.reduce((sum, list) => sum + (list[at] ?? 0), 0));
}
