import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { WatchSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import { connected } from './connection.js';
import { type Column, type Form, formOf, streamItem } from './output.js';
import { lastingColumns, peerName, stateOf } from './session-columns.js';
import { type EventViewer, followSessions } from './session-events.js';
import { SessionFilter } from './session-filter.js';
import { conditionsOf } from './session-query.js';
import { sessionTable } from './session-table.js';
import type { WatchFlags } from './sessions.js';
import type { Terminal } from './terminal.js';

/** Least time between two pictures of the table, milliseconds. */
const REDRAW_TIME = 200;
/** To the upper left corner, and clear what is below. */
const HOME = '\u001b[H\u001b[J';

/** `sessions watch`: until it is interrupted. A connection that breaks is made again, to whichever replica answers, and goes on where it was. */
export async function watchSessions(flags: WatchFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    const form = formOf(flags, io);
    const view = form === 'table' ? new Picture(io) : new Lines(io, form);
    const filter = new SessionFilter(conditionsOf(flags, Date.now()), flags.filter);
    await followSessions(connection, filter.text, view).catch((error: unknown) => {
      throw filter.told(error);
    });
  });
}

/** A line for each event, for programs and logs. */
class Lines implements EventViewer {
  readonly #io: Terminal;
  readonly #form: Exclude<Form, 'table'>;

  constructor(io: Terminal, form: Exclude<Form, 'table'>) {
    this.#io = io;
    this.#form = form;
  }

  show(event: WatchSessionsResponse__Output): void {
    if (this.#form !== 'plain') this.#io.out(streamItem(event, this.#form));
    else if (event.session !== null) this.#io.out(line(event.type, event.session));
    else if (event.replica !== '') this.#io.out(replicaLine(event));
  }

  startOver(): void {
    this.#io.note('what happened meanwhile is not known: starting over with what lives now\n');
  }
}

function line(type: string, session: Session__Output): string {
  const what = type.slice('SESSION_EVENT_TYPE_'.length);
  const ending = session.ending === null ? '-' : `${session.ending.label}: ${session.ending.text}`;
  const peers = session.peers.map(peerName).join(' | ');
  const { uid, meetup_id: meetup, replica } = session;
  const cells = [new Date().toISOString(), what, uid, meetup, stateOf(session), peers, ending, replica];
  return `${cells.map(safe).join('\t')}\n`;
}

/** A line about a replica: where it is lost, its sessions are to be forgotten. */
function replicaLine({ type, replica }: WatchSessionsResponse__Output): string {
  const what = type.slice('SESSION_EVENT_TYPE_'.length);
  return `${[new Date().toISOString(), what, '-', '-', '-', '-', '-', safe(replica)].join('\t')}\n`;
}

/** A table that stays on the terminal and follows the events. */
class Picture implements EventViewer {
  readonly #io: Terminal;
  readonly #sessions = new Map<string, Session__Output>();
  /** Names of the replicas that were lost, until they join again. */
  readonly #lost = new Set<string>();
  #drawing: NodeJS.Timeout | undefined;

  constructor(io: Terminal) {
    this.#io = io;
  }

  show({ type, session, replica }: WatchSessionsResponse__Output): void {
    if (type === 'SESSION_EVENT_TYPE_REPLICA_LOST') this.#forget(replica);
    if (type === 'SESSION_EVENT_TYPE_REPLICA_JOINED') this.#lost.delete(replica);
    if (session !== null) {
      if (type === 'SESSION_EVENT_TYPE_REMOVED') this.#sessions.delete(session.uid);
      else this.#sessions.set(session.uid, session);
    }
    this.#drawing ??= globalThis.setTimeout(() => this.#draw(), REDRAW_TIME);
  }

  startOver(): void {
    this.#sessions.clear();
    this.#lost.clear();
  }

  #forget(replica: string): void {
    this.#lost.add(replica);
    for (const { uid, replica: of } of this.#sessions.values()) if (of === replica) this.#sessions.delete(uid);
  }

  #draw(): void {
    this.#drawing = undefined;
    const all = [...this.#sessions.values()];
    const room = Math.max(this.#io.rows - 3, 1);
    const text = sessionTable(all.slice(0, room), pictureColumns(Date.now()), this.#io.columns ?? 80);
    const more = all.length > room ? `and ${all.length - room} more; ` : '';
    const lost = this.#lost.size > 0 ? `; lost: ${safe([...this.#lost].join(', '))}` : '';
    const last = `${more}${all.length} sessions${lost}, Ctrl-C ends\n`;
    this.#io.out(`${HOME}${text}${last}`);
  }
}

/** What an event tells of a session; its figures would be those of the event, and never change. */
function pictureColumns(now: number): readonly Column<Session__Output>[] {
  return [
    { title: 'UID', plain: ({ uid }) => uid.slice(0, 8) },
    ...lastingColumns(now),
    { title: 'REPLICA', plain: ({ replica }) => replica },
  ];
}
