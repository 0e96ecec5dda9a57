import { status as Code, Metadata, type ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import { opened, sealed } from '../../proxy/control/calls/opaque-token.js';
import { Watcher } from '../../proxy/control/calls/watcher.js';
import { readFilter } from '../../proxy/control/filter/filter.js';
import type { SessionEvent } from '../../proxy/control/fleet/member-watch.js';
import type { MessageSource } from '../../proxy/control/fleet/message-source.js';
import { Fault } from '../../proxy/control/rpc/fault.js';
import { sessionResource } from '../../proxy/control/sessions/resource.js';
import type { SessionView } from '../../proxy/session/views/view.js';
import { WatchModel } from './watch-model.js';

/** How the streams of a replica fail. */
export type Way =
  /** They do not. */
  | 'well'
  /** Nothing comes, and nobody says why. */
  | 'silent'
  /** They break at once, and so do new ones. */
  | 'cut'
  /** They are refused, because there are too many. */
  | 'full'
  /** They are refused, because the replica does not know the filter. */
  | 'older';

/** One run of a replica: the real registry and its changes, behind streams that can fail. */
export class ModelReplica {
  readonly name: string;
  readonly incarnation: string;
  readonly model: WatchModel;
  way: Way = 'well';
  readonly sources = new Set<ModelSource>();

  constructor(name: string, incarnation: string, changes: number) {
    this.name = name;
    this.incarnation = incarnation;
    this.model = new WatchModel(changes);
  }

  /** Uid and state of each session that lives here. */
  truth(filter: string): ReadonlyMap<string, string> {
    return this.model.truth(filter);
  }

  /** Breaks the streams that are open; new ones work. */
  breakStreams(): void {
    for (const source of this.sources) source.cut();
    this.news();
  }

  news(): void {
    for (const source of [...this.sources]) source.onNews();
  }
}

/** A stream of one replica's changes, as its WatchSessions sends them. */
export class ModelSource implements MessageSource<SessionEvent> {
  onNews: () => void = () => {};
  isSetUp = false;
  ending: 'done' | ServiceError | undefined;
  readonly #replica: ModelReplica;
  #watcher: Watcher | undefined;
  #isBeatDue = false;

  constructor(replica: ModelReplica, token: string, filterText: string) {
    this.#replica = replica;
    const filter = readFilter(filterText, replica.name);
    if ('fault' in filter) throw new Error(filter.fault);
    const { history } = replica.model.feed;
    if (token === '') {
      this.#watcher = Watcher.fromNow(history, filter.ok);
      return;
    }
    const [incarnation, revision] = opened(token) ?? [];
    expect(incarnation).to.equal(replica.incarnation);
    if (history.following(Number(revision)) === 'lost') this.ending = failed(Code.OUT_OF_RANGE, 'RESUME_TOKEN_EXPIRED');
    else this.#watcher = Watcher.after(history, Number(revision), filter.ok);
  }

  take(): SessionEvent | undefined {
    if (this.ending !== undefined || this.#replica.way === 'silent') return undefined;
    if (this.#replica.way === 'cut') {
      this.cut();
      return undefined;
    }
    if (this.#replica.way === 'full') {
      this.ending = failed(Code.RESOURCE_EXHAUSTED, 'WATCHERS_FULL');
      return undefined;
    }
    if (this.#replica.way === 'older') {
      this.ending = failed(Code.INVALID_ARGUMENT, 'FIELD_INVALID');
      return undefined;
    }
    this.isSetUp = true;
    const event = this.#watcher?.next();
    if (event === undefined || event === 'none') return this.#heartbeat();
    if (event === 'lost') {
      this.ending = failed(Code.ABORTED, 'WATCHER_TOO_SLOW');
      return undefined;
    }
    const token = event.revision === undefined ? '' : sealed([this.#replica.incarnation, event.revision]);
    if (event.t === 'snapshot_done') return told('SNAPSHOT_DONE', token);
    return told(WORDS[event.t], token, this.#replica, event.view);
  }

  /** A heartbeat is due, where nothing else comes. */
  beat(): void {
    this.#isBeatDue = true;
    this.onNews();
  }

  cut(): void {
    this.ending ??= failed(Code.UNAVAILABLE, '');
  }

  #heartbeat(): SessionEvent | undefined {
    if (!this.#isBeatDue) return undefined;
    this.#isBeatDue = false;
    const revision = this.#watcher?.revision;
    return told('HEARTBEAT', revision === undefined ? '' : sealed([this.#replica.incarnation, revision]));
  }

  cancel(): void {
    this.onNews = () => {};
    this.#replica.sources.delete(this);
  }
}

const WORDS = { added: 'ADDED', changed: 'CHANGED', removed: 'REMOVED' } as const;

function told(
  word: 'ADDED' | 'CHANGED' | 'REMOVED' | 'SNAPSHOT_DONE' | 'HEARTBEAT',
  resume_token: string,
  replica?: ModelReplica,
  view?: SessionView,
): SessionEvent {
  const session = view && replica ? sessionResource(view, replica.name) : null;
  return { type: `SESSION_EVENT_TYPE_${word}`, session, resume_token, replica: '' } as SessionEvent;
}

function failed(code: Code, reason: string): ServiceError {
  const metadata =
    reason === '' ? new Metadata() : new Fault(code, reason as 'WATCHER_TOO_SLOW', reason).toStatus().metadata;
  return Object.assign(new Error(reason), { code, details: reason, metadata });
}
