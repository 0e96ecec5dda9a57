import type { ServiceError } from '@grpc/grpc-js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { WatchSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import { type Connection, connected } from './connection.js';
import { reasonOf } from './failure.js';
import { columns, cutLines, type Form, formOf, streamItem } from './output.js';
import { peerName, sessionColumns, stateOf } from './session-columns.js';
import { filterText } from './session-query.js';
import type { ListFlags } from './sessions.js';
import type { Terminal } from './terminal.js';

/** Least time between two pictures of the table, milliseconds. */
const REDRAW_TIME = 200;
/** To the upper left corner, and clear what is below. */
const HOME = '\u001b[H\u001b[J';

/** `sessions watch`: until it is interrupted. */
export async function watchSessions(flags: ListFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    const form = formOf(flags, io);
    const view = form === 'table' ? new Picture(io) : new Lines(io, form);
    for (;;) {
      const failed = await follow(connection, filterText(flags, Date.now()), view);
      if (failed !== undefined && !MUST_START_OVER.has(reasonOf(failed))) throw connection.failure(failed);
      if (failed === undefined) return;
      view.startOver();
    }
  });
}

const MUST_START_OVER: ReadonlySet<string> = new Set(['WATCHER_TOO_SLOW', 'RESUME_TOKEN_EXPIRED']);

/** A view that shows the events. */
interface View {
  show(event: WatchSessionsResponse__Output): void;
  startOver(): void;
}

function follow(connection: Connection, filter: string, view: View): Promise<ServiceError | undefined> {
  return connection.ending(connection.client.watchSessions({ filter }), (event) => view.show(event));
}

/** A line for each event, for programs and logs. */
class Lines implements View {
  readonly #io: Terminal;
  readonly #form: Exclude<Form, 'table'>;

  constructor(io: Terminal, form: Exclude<Form, 'table'>) {
    this.#io = io;
    this.#form = form;
  }

  show(event: WatchSessionsResponse__Output): void {
    if (this.#form !== 'plain') this.#io.out(streamItem(event, this.#form));
    else if (event.session !== null) this.#io.out(line(event.type, event.session));
  }

  startOver(): void {
    this.#io.note('fell behind: starting over with what lives now\n');
  }
}

function line(type: string, session: Session__Output): string {
  const what = type.slice('SESSION_EVENT_TYPE_'.length);
  const ending = session.ending === null ? '-' : `${session.ending.label}: ${session.ending.text}`;
  const peers = session.peers.map(peerName).join(' | ');
  const cells = [new Date().toISOString(), what, session.uid, session.meetup_id, stateOf(session), peers, ending];
  return `${cells.map(safe).join('\t')}\n`;
}

/** A table that stays on the terminal and follows the events. */
class Picture implements View {
  readonly #io: Terminal;
  readonly #sessions = new Map<string, Session__Output>();
  #drawing: NodeJS.Timeout | undefined;

  constructor(io: Terminal) {
    this.#io = io;
  }

  show({ type, session }: WatchSessionsResponse__Output): void {
    if (session !== null) {
      if (type === 'SESSION_EVENT_TYPE_REMOVED') this.#sessions.delete(session.uid);
      else this.#sessions.set(session.uid, session);
    }
    this.#drawing ??= setTimeout(() => this.#draw(), REDRAW_TIME);
  }

  startOver(): void {
    this.#sessions.clear();
  }

  #draw(): void {
    this.#drawing = undefined;
    const all = [...this.#sessions.values()];
    const room = Math.max(this.#io.rows - 3, 1);
    const text = columns(all.slice(0, room), sessionColumns(Date.now()), 'table');
    const more = all.length > room ? `and ${all.length - room} more; ` : '';
    this.#io.out(`${HOME}${cutLines(text, this.#io.columns ?? 80)}${more}${all.length} sessions, Ctrl-C ends\n`);
  }
}
