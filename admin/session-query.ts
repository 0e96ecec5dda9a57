import type { ListSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ListSessionsResponse.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { Connection } from './connection.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import type { Condition } from './session-filter.js';

/** The conditions of a list; a session must meet all that are given. */
export interface FilterFlags {
  readonly filter?: string;
  readonly state?: string;
  /** Beginning of the meetup id. */
  readonly meetup?: string;
  /** Part of a subject. */
  readonly subject?: string;
  /** Least and most age, milliseconds. */
  readonly olderThan?: number;
  readonly youngerThan?: number;
}

/** The flags in the server's filter language, one condition each. */
export function conditionsOf(flags: FilterFlags, now: number): Condition[] {
  const before = (ms: number): string => new Date(now - ms).toISOString();
  return [
    ...(isBlank(flags.filter) ? [] : [{ flag: '--filter', text: `(${flags.filter})` }]),
    ...(flags.state === undefined ? [] : [{ flag: '--state', text: `state = ${flags.state.toUpperCase()}` }]),
    ...(flags.meetup === undefined ? [] : [{ flag: '--meetup', text: `meetup_id = ${quoted(`${flags.meetup}*`)}` }]),
    ...(flags.subject === undefined ? [] : [{ flag: '--subject', text: `subject : ${quoted(flags.subject)}` }]),
    ...(flags.olderThan === undefined
      ? []
      : [{ flag: '--older-than', text: `create_time <= ${before(flags.olderThan)}` }]),
    ...(flags.youngerThan === undefined
      ? []
      : [{ flag: '--younger-than', text: `create_time >= ${before(flags.youngerThan)}` }]),
  ];
}

/** As for the server, a filter without a word asks for everything. */
function isBlank(filter: string | undefined): boolean {
  return filter === undefined || filter.trim() === '';
}

/** Sessions asked for at a time. */
const PAGE_SIZE = 500;

/** What all pages of a list say together. */
export interface ListedSessions {
  readonly sessions: readonly Session__Output[];
  /** Sessions that match, of the replicas that answered. */
  readonly total: number;
  /** Names of the replicas that did not answer for any page. */
  readonly unanswered: readonly string[];
}

/** Every page of a list, one answer; at most `limit` sessions. */
export async function allSessions(
  connection: Connection,
  filter: string,
  order: string,
  limit: number,
): Promise<ListedSessions> {
  // By a figure that changes meanwhile, a session may be in two pages.
  const sessions = new Map<string, Session__Output>();
  const unanswered = new Set<string>();
  let pageToken = '';
  for (;;) {
    const request = {
      filter,
      order_by: order,
      page_token: pageToken,
      page_size: Math.min(limit - sessions.size, PAGE_SIZE),
    };
    const page = await connection.ask<ListSessionsResponse__Output>((metadata, options, done) =>
      connection.client.listSessions(request, metadata, options, done),
    );
    for (const session of page.sessions) sessions.set(session.uid, session);
    for (const replica of page.unreachable_replicas) unanswered.add(replica);
    pageToken = page.next_page_token;
    if (pageToken !== '' && sessions.size < limit) continue;
    return { sessions: [...sessions.values()], total: page.total_size, unanswered: [...unanswered] };
  }
}

/** Fewest characters of a uid that name a session. */
const MIN_UID_CHARS = 4;

/** The name of the one live session that a word means: a uid, its beginning, or a meetup id. Rejects with AdminFailure. */
export async function sessionName(connection: Connection, word: string): Promise<string> {
  const text = word.replace(/^sessions\//, '');
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return `sessions/${text}`;
  const isBeginning = text.length >= MIN_UID_CHARS && /^[0-9a-f-]+$/.test(text);
  const filter = `meetup_id = ${quoted(text)}${isBeginning ? ` OR uid = ${quoted(`${text}*`)}` : ''}`;
  const { sessions, total, unanswered } = await allSessions(connection, filter, '', 3);
  const [only] = sessions;
  if (only === undefined && unanswered.length > 0) {
    const silent = `${unanswered.join(', ')} did not answer`;
    throw new AdminFailure(
      `no replica that answered has a session ${JSON.stringify(word)}; ${silent}`,
      EXIT.unavailable,
    );
  }
  if (only === undefined) {
    throw new AdminFailure(`no live session has the uid or meetup id ${JSON.stringify(word)}`, EXIT.notFound);
  }
  if (total === 1) return only.name;
  const some = sessions.map(({ uid, meetup_id }) => `${uid}  ${meetup_id}`).join('\n');
  throw new AdminFailure(`${JSON.stringify(word)} means ${total} sessions; give more of the uid:\n${some}`, EXIT.usage);
}

/** A text as a value of the server's filter language. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
