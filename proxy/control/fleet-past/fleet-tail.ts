import { status as Code, type ServiceError } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import { type Miss, missOf, PassedFault } from '../fleet/answers.js';
import type { MessageSource } from '../fleet/message-source.js';
import type { Replica, Roster } from '../fleet/replica.js';
import type {
  WatchHistoryResponse,
  WatchHistoryResponse__Output,
} from '../generated/micronets/wsproxy/control/v1/WatchHistoryResponse.js';
import type { Outlet } from '../rpc/outlet.js';

/** Time between two looks at who lives, milliseconds. */
const LOOK_INTERVAL = 1_000;

export interface FleetTailParts {
  readonly clock: Clock;
  readonly outlet: Pick<
    Outlet<WatchHistoryResponse>,
    'begin' | 'ready' | 'write' | 'attempt' | 'onReady' | 'onceStopped'
  >;
  /** The replicas that live now. Never rejects. */
  readonly roster: () => Promise<Roster>;
  readonly open: (replica: Replica) => MessageSource<WatchHistoryResponse__Output>;
}

/**
 * What happens on all replicas, as one stream. A client that is slow makes the replicas wait, which then leave out and count. A replica that does
 * not answer is told once, and asked again at each look.
 */
export class FleetTail {
  readonly #parts: FleetTailParts;
  readonly #sources = new Map<
    string,
    { readonly replica: Replica; readonly source: MessageSource<WatchHistoryResponse__Output> }
  >();
  /** Names of replicas of which the client was told that they do not answer, until they do. */
  readonly #lost = new Set<string>();
  readonly #untold: string[] = [];
  #isLooking = false;
  #isStopped = false;

  constructor(parts: FleetTailParts) {
    this.#parts = parts;
    const { clock, outlet } = parts;
    outlet.begin();
    outlet.onReady = () => this.#pump();
    outlet.onceStopped(clock.every(LOOK_INTERVAL, () => void this.#look()));
    outlet.onceStopped(() => {
      this.#isStopped = true;
      for (const { source } of this.#sources.values()) source.cancel();
    });
    void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { replicas, unasked } = await this.#parts.roster();
    this.#isLooking = false;
    if (this.#isStopped) return;
    this.#parts.outlet.attempt(() => {
      const living = new Set(replicas.map(({ incarnation }) => incarnation));
      for (const [incarnation, { source }] of this.#sources) {
        if (living.has(incarnation)) continue;
        source.cancel();
        this.#sources.delete(incarnation);
      }
      for (const replica of replicas) if (!this.#sources.has(replica.incarnation)) this.#open(replica);
      for (const name of unasked) this.#lose(name);
      this.#pump();
    });
  }

  #open(replica: Replica): void {
    const source = this.#parts.open(replica);
    source.onNews = () => this.#parts.outlet.attempt(() => this.#pump());
    this.#sources.set(replica.incarnation, { replica, source });
  }

  #pump(): void {
    const { outlet } = this.#parts;
    for (const [incarnation, { replica, source }] of this.#sources) {
      if (source.isSetUp) this.#lost.delete(replica.name);
      this.#passOn(source);
      const { ending } = source;
      if (ending === undefined) continue;
      this.#sources.delete(incarnation);
      this.#ended(replica, ending);
    }
    while (outlet.ready && this.#untold.length > 0) outlet.write({ lost_replica: this.#untold.shift() ?? '' });
  }

  #passOn(source: MessageSource<WatchHistoryResponse__Output>): void {
    const { outlet } = this.#parts;
    while (outlet.ready) {
      const message = source.take();
      if (message === undefined) return;
      outlet.write(message);
    }
  }

  #ended({ name, isSelf }: Replica, ending: 'done' | ServiceError): void {
    const miss: Miss = ending === 'done' ? { t: 'unreachable' } : missOf(ending);
    // What is wrong with the question this replica says, another one of another version may not know a field; and where nobody answers, the client is told why.
    const isWrong = miss.t === 'refused' && isSelf && miss.error.code === Code.INVALID_ARGUMENT;
    if (miss.t === 'refused' && (this.#sources.size === 0 || isWrong)) {
      throw new PassedFault(miss.error);
    }
    if (miss.t !== 'gone') this.#lose(name);
  }

  #lose(name: string): void {
    if (this.#lost.has(name)) return;
    this.#lost.add(name);
    this.#untold.push(name);
  }
}
