import { setTimeout } from 'node:timers/promises';
import { status as Code, type ServiceError } from '@grpc/grpc-js';
import { RETRY_TIME } from '../library/control/watch-place.js';
import type { GetSessionResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetSessionResponse.js';
import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import type { WatchSessionsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import type { Connection } from './connection.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { peersText } from './session-columns.js';
import { type EventViewer, followSessions } from './session-events.js';
import { quoted, sessionName } from './session-query.js';
import type { TapFlags } from './tap.js';
import { tapRequest } from './tap-request.js';
import { short, type TapPrinter } from './tap-text.js';

/** `tap --follow`: taps each session of a meetup, one after another, until enough was seen or it is interrupted. */
export async function followMeetup(
  connection: Connection,
  word: string,
  flags: TapFlags,
  printer: TapPrinter,
): Promise<void> {
  const meetup = await meetupMeant(connection, word);
  const done = new AbortController();
  printer.onEnough = () => done.abort();
  const taps = new MeetupTaps(connection, meetup, flags, printer, done);
  try {
    await followSessions(connection, `meetup_id = ${quoted(meetup)}`, taps, done.signal);
  } finally {
    done.abort();
  }
  if (taps.failure !== undefined) throw taps.failure;
}

/** The meetup of the session that a word means; where none does, the word is the meetup id of one to come. */
async function meetupMeant(connection: Connection, word: string): Promise<string> {
  try {
    const name = await sessionName(connection, word);
    const { session } = await connection.ask<GetSessionResponse__Output>((metadata, options, done) =>
      connection.client.getSession({ name }, metadata, options, done),
    );
    return session?.meetup_id ?? word;
  } catch (error) {
    const isMissing = error instanceof AdminFailure && error.exitCode === EXIT.notFound;
    if (!isMissing || UID.test(word)) throw error;
    return word;
  }
}

/** A word that can only mean a session. The beginning of a uid may also be the meetup id of one to come. */
const UID = /^(?:sessions\/.*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A session that is tapped, until its events say that it is over. */
interface TappedSession {
  readonly replica: string;
  /** Set once it has ended by the word of its event; the tap itself, whose messages come first, may say so later. */
  ended: Session__Output['ending'];
  /** True once the tap has told how it ended. */
  isTold: boolean;
  /** True once nothing more is to be heard of it. */
  isGone: boolean;
  /** Ends the stream of its tap. */
  stop: () => void;
}

/** The taps of one meetup's sessions: one, or two where a replica tells late that its session is over. */
class MeetupTaps implements EventViewer {
  /** Why it cannot go on. */
  failure: AdminFailure | undefined;
  readonly #connection: Connection;
  readonly #meetup: string;
  readonly #flags: TapFlags;
  readonly #printer: TapPrinter;
  readonly #done: AbortController;
  /** By resource name. */
  readonly #tapped = new Map<string, TappedSession>();
  /** Those that were not told to live since the watch started over. */
  readonly #unseen = new Set<string>();

  constructor(connection: Connection, meetup: string, flags: TapFlags, printer: TapPrinter, done: AbortController) {
    this.#connection = connection;
    this.#meetup = meetup;
    this.#flags = flags;
    this.#printer = printer;
    this.#done = done;
  }

  show({ type, session, replica }: WatchSessionsResponse__Output): void {
    // What was on its way when enough was seen: nobody would end a tap of it.
    if (this.#done.signal.aborted) return;
    if (type === 'SESSION_EVENT_TYPE_REPLICA_LOST') this.#lose(replica);
    if (type === 'SESSION_EVENT_TYPE_SNAPSHOT_DONE') this.#knowsAll();
    // A meetup id that begins or ends with a star means others too, as a filter.
    if (session === null || session.meetup_id !== this.#meetup) return;
    if (type === 'SESSION_EVENT_TYPE_REMOVED') this.#ended(session);
    else this.#lives(session);
  }

  startOver(): void {
    for (const name of this.#tapped.keys()) this.#unseen.add(name);
    this.#printer.note('what happened meanwhile is not known: going on with what lives now');
  }

  /** All that live were told. */
  #knowsAll(): void {
    for (const name of this.#unseen) this.#forget(name, `${short(name)} is over`);
    this.#unseen.clear();
    if (this.#tapped.size === 0) this.#printer.event(`nobody is at ${this.#meetup}: waiting for a session`);
  }

  #lives(session: Session__Output): void {
    const { name, replica } = session;
    this.#unseen.delete(name);
    const state = session.pair_time === null ? 'waiting' : 'paired';
    this.#printer.event(`${short(name)} on ${replica}: ${state}, ${peersText(session)}`);
    if (this.#tapped.has(name)) return;
    const tapped: TappedSession = { replica, ended: null, isTold: false, isGone: false, stop: () => {} };
    this.#tapped.set(name, tapped);
    void this.#tap(name, tapped);
  }

  #ended({ name, ending }: Session__Output): void {
    const tapped = this.#tapped.get(name);
    if (tapped !== undefined) tapped.ended = ending;
    this.#tapped.delete(name);
  }

  #lose(replica: string): void {
    for (const [name, tapped] of this.#tapped) {
      if (tapped.replica === replica) this.#forget(name, `${replica} is lost, and ${short(name)} with it`);
    }
  }

  /** Ends the tap of a session of which no event will tell the end. */
  #forget(name: string, why: string): void {
    const tapped = this.#tapped.get(name);
    if (tapped === undefined) return;
    this.#tapped.delete(name);
    tapped.isGone = true;
    tapped.stop();
    if (!tapped.isTold) this.#printer.event(why);
  }

  /** Taps a session until it is over; where the line breaks, again. */
  async #tap(name: string, tapped: TappedSession): Promise<void> {
    const { signal } = this.#done;
    while (!tapped.isGone) {
      const failed = await this.#tapOnce(name, tapped);
      if (signal.aborted || tapped.isTold || tapped.isGone) return;
      if (failed !== undefined && !PASSING.has(failed.code)) {
        this.failure = this.#connection.failure(failed);
        this.#done.abort();
        return;
      }
      if (tapped.ended !== null) {
        this.#printer.ended(name, tapped.ended);
        return;
      }
      await setTimeout(RETRY_TIME, undefined, { ref: false });
      if (signal.aborted) return;
    }
  }

  async #tapOnce(name: string, tapped: TappedSession): Promise<ServiceError | undefined> {
    const stream = this.#connection.client.tapSession(tapRequest(name, this.#flags));
    tapped.stop = () => stream.cancel();
    this.#done.signal.addEventListener('abort', tapped.stop);
    const failed = await this.#connection.ending(stream, (response) => {
      this.#printer.show(name, response);
      if (response.ending !== null) tapped.isTold = true;
    });
    this.#done.signal.removeEventListener('abort', tapped.stop);
    return failed;
  }
}

/** Failures after which a session is tapped again, until an event tells that it is over. */
const PASSING: ReadonlySet<Code> = new Set([
  Code.NOT_FOUND,
  Code.UNAVAILABLE,
  Code.CANCELLED,
  Code.DEADLINE_EXCEEDED,
  Code.INTERNAL,
  Code.UNKNOWN,
]);
