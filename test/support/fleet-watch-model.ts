import { expect } from 'chai';
import { FleetWatch } from '../../proxy/control/fleet/fleet-watch.js';
import type { SessionEvent } from '../../proxy/control/fleet/member-watch.js';
import type { MessageSource } from '../../proxy/control/fleet/message-source.js';
import type { Replica, Roster } from '../../proxy/control/fleet/replica.js';
import { type Standing, standingsIn } from '../../proxy/control/fleet/watch-token.js';
import type { WatchSessionsResponse } from '../../proxy/control/generated/micronets/wsproxy/control/v1/WatchSessionsResponse.js';
import { Fault } from '../../proxy/control/rpc/fault.js';
import { FakeClock } from './fake-clock.js';
import { ModelReplica, ModelSource } from './fleet-model-replica.js';

/** Several replicas, and one client that watches all of them through any of them. */
export class FleetModel {
  readonly clock = new FakeClock();
  readonly replicas: ModelReplica[] = [];
  readonly filter: string;
  client: FleetClient;
  readonly #changes: number;
  #runs = 0;

  constructor(names: readonly string[], filter = '', changes = 4096) {
    this.filter = filter;
    this.#changes = changes;
    for (const name of names) this.begin(name);
    this.client = new FleetClient(this, undefined);
  }

  /** Starts a run of a replica; an earlier one of that name may still be there. */
  begin(name: string): ModelReplica {
    this.#runs += 1;
    const replica = new ModelReplica(name, `${name}-${this.#runs}`, this.#changes);
    this.replicas.push(replica);
    return replica;
  }

  /** Ends a run: nobody names it any more. */
  end(at: number): void {
    for (const replica of this.replicas.splice(at, 1)) {
      replica.way = 'cut';
      replica.news();
    }
  }

  /** What is true of all replicas that answer. */
  truth(): ReadonlyMap<string, string> {
    return new Map(this.replicas.flatMap((replica) => [...replica.truth(this.filter)]));
  }

  roster = async (): Promise<Roster> => ({
    replicas: this.replicas.map(({ name, incarnation }, at) => ({
      ...{ name, incarnation, isSelf: at === 0 },
      ask: () => Promise.reject(new Error('a watch asks nothing')),
      open: () => {
        throw new Error('the model opens streams itself');
      },
    })),
    unasked: [],
  });

  open(replica: Replica, token: string): MessageSource<SessionEvent> {
    const found = this.replicas.find(({ incarnation }) => incarnation === replica.incarnation);
    if (found === undefined) {
      const gone = new ModelSource(new ModelReplica(replica.name, replica.incarnation, 1), '', '');
      gone.cut();
      return gone;
    }
    const source = new ModelSource(found, token, this.filter);
    found.sources.add(source);
    // A stream brings news once something may have come.
    queueMicrotask(() => source.onNews());
    return source;
  }

  /** Lets everything that is due happen, over a time in milliseconds. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      this.clock.advance(250);
      for (const { sources, way } of this.replicas) if (way !== 'silent') for (const one of [...sources]) one.beat();
      await settled();
    }
  }

  /** Goes on with a new stream from the last token, as a client does whose connection broke; from the beginning where it has none. */
  resume(token = this.client.token): void {
    const { view, appetite } = this.client;
    this.client.stop();
    this.client = new FleetClient(this, token === '' ? undefined : standingsIn(token, this.filter), view, token);
    this.client.appetite = appetite;
  }
}

/** A client of the merged stream that keeps the view it is told of, strictly. */
export class FleetClient {
  readonly view: Map<string, { readonly state: string; readonly replica: string }>;
  readonly words: string[] = [];
  token = '';
  hasSnapshot = false;
  failure: unknown;
  /** Events that it takes before it stops taking. */
  appetite = Number.POSITIVE_INFINITY;
  readonly #undo: (() => void)[] = [];
  readonly #outlet;

  constructor(
    model: FleetModel,
    standings: readonly Standing[] | undefined,
    view: FleetClient['view'] = new Map(),
    token = '',
  ) {
    this.view = standings === undefined ? new Map() : view;
    this.token = standings === undefined ? '' : token;
    this.hasSnapshot = standings !== undefined;
    const client = this;
    this.#outlet = {
      get ready(): boolean {
        return client.appetite > 0 && client.failure === undefined;
      },
      onReady: () => {},
      begin: () => {},
      write: (event: WatchSessionsResponse) => this.#take(event),
      fail: (error: unknown) => {
        this.failure ??= error;
        this.stop();
      },
      attempt: (work: () => void) => {
        if (this.failure !== undefined) return;
        try {
          work();
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          this.failure = error;
          this.stop();
        }
      },
      onceStopped: (undo: () => void) => void this.#undo.push(undo),
    };
    const open = (replica: Replica, from: string): MessageSource<SessionEvent> => model.open(replica, from);
    const parts = { clock: model.clock, roster: model.roster, open, filter: model.filter, silence: 10_000 };
    new FleetWatch({ ...parts, outlet: this.#outlet }, standings);
  }

  /** Takes that many events and no more, until it is told again. */
  takes(appetite: number): void {
    this.appetite = appetite;
    if (appetite > 0) this.#outlet.attempt(() => this.#outlet.onReady());
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #take({ type, session, resume_token: token = '', replica = '' }: WatchSessionsResponse): void {
    const word = String(type).slice('SESSION_EVENT_TYPE_'.length);
    this.appetite -= 1;
    this.words.push(`${word} ${session?.meetup_id ?? replica}`.trim());
    if (token !== '') this.token = token;
    else expect(this.hasSnapshot, `${word} without a token`).to.equal(word === 'HEARTBEAT' && this.hasSnapshot);
    if (word === 'SNAPSHOT_DONE') {
      expect(this.hasSnapshot).to.equal(false);
      this.hasSnapshot = true;
    }
    if (word === 'REPLICA_LOST') this.#forget(replica);
    const { uid = '', state, replica: of = '' } = session ?? {};
    if (uid !== '') this.#apply(word, uid, { state: String(state), replica: of });
  }

  #forget(replica: string): void {
    for (const [uid, one] of this.view) if (one.replica === replica) this.view.delete(uid);
  }

  /** Checks as a strict client would: no session is added twice, and no unknown session changes or goes. */
  #apply(word: string, uid: string, session: { readonly state: string; readonly replica: string }): void {
    expect(this.view.has(uid), `${word} ${uid}`).to.equal(word !== 'ADDED');
    if (word === 'REMOVED') this.view.delete(uid);
    else this.view.set(uid, session);
  }
}

/** Lets promises that have settled be heard. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 8; n += 1) await Promise.resolve();
}
