import { setTimeout } from 'node:timers/promises';
import { RETRY_TIME, WatchPlace } from '../library/control/watch-place.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { WatchSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import { connected } from './connection.js';
import { columns, cutLines, type Form, formOf, streamItem } from './output.js';
import { peerName, sessionColumns, stateOf } from './session-columns.js';
import { SessionFilter } from './session-filter.js';
import { conditionsOf } from './session-query.js';
import type { ListFlags } from './sessions.js';
import type { Terminal } from './terminal.js';

/** Least time between two pictures of the table, milliseconds. */
const REDRAW_TIME = 200;
/** To the upper left corner, and clear what is below. */
const HOME = '\u001b[H\u001b[J';

/** `sessions watch`: until it is interrupted. A connection that breaks is made again, to whichever replica answers, and goes on where it was. */
export async function watchSessions(flags: ListFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    const form = formOf(flags, io);
    const view = form === 'table' ? new Picture(io) : new Lines(io, form);
    const filter = new SessionFilter(conditionsOf(flags, Date.now()), flags.filter);
    const place = new WatchPlace(connection.timeout);
    for (;;) {
      const stream = connection.client.watchSessions({ filter: filter.text, resume_token: place.token });
      const failed = await connection.ending(stream, (event: WatchSessionsResponse__Output) => {
        place.heard(event);
        view.show(event);
      });
      if (failed === undefined) return;
      const next = place.after(failed, Date.now());
      if (next === 'nowhere') throw filter.told(connection.failure(failed));
      if (next === 'from_the_start') view.startOver();
      else await setTimeout(RETRY_TIME);
    }
  });
}

/** A view that shows the events. */
interface View {
  show(event: WatchSessionsResponse__Output): void;
  startOver(): void;
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
class Picture implements View {
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
    const text = columns(all.slice(0, room), sessionColumns(Date.now()), 'table');
    const more = all.length > room ? `and ${all.length - room} more; ` : '';
    const lost = this.#lost.size > 0 ? `; lost: ${safe([...this.#lost].join(', '))}` : '';
    const last = `${more}${all.length} sessions${lost}, Ctrl-C ends\n`;
    this.#io.out(`${HOME}${cutLines(text, this.#io.columns ?? 80)}${last}`);
  }
}
