import { zeroCounters } from '../session/counters.js';
import { HOLD_REASONS, type Peer } from '../session/peer.js';
import type { Clock, Observer, RefusedUpgrade } from '../session/ports.js';
import type { Session } from '../session/session.js';
import type { Ending, EndingLabel } from '../wire/close.js';
import { Histogram, LIFE_SECONDS } from './histogram.js';
import type { MetricName } from './metric-table.js';
import { type Sample, sampleOf, samplesBy } from './sample.js';

/** Counts what happens to connections and sessions. What is true now is read off the live peers when someone asks. */
export class LifecycleCounts implements Observer {
  readonly #clock: Clock;
  readonly #peers = new Set<Peer>();
  readonly #sessions = new Set<Session>();
  /** What the connections that have ended moved. */
  readonly #past = zeroCounters();
  readonly #refusals = new Map<string, number>();
  readonly #connections = new Map<EndingLabel, Histogram>();
  readonly #lives = new Map<EndingLabel, Histogram>();
  readonly #pairing = new Histogram(LIFE_SECONDS);
  #admitted = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  refused({ refusal: { label } }: RefusedUpgrade): void {
    this.#refusals.set(label, (this.#refusals.get(label) ?? 0) + 1);
  }

  admitted(peer: Peer): void {
    this.#admitted += 1;
    this.#peers.add(peer);
  }

  seated(_peer: Peer, session: Session): void {
    this.#sessions.add(session);
  }

  paired(session: Session): void {
    if (session.state.t === 'paired') this.#pairing.observe((session.state.pairedAt - session.createdAt) / 1000);
  }

  ended(peer: Peer, { label }: Ending): void {
    this.#peers.delete(peer);
    const { counters } = peer;
    this.#past.messagesIn += counters.messagesIn;
    this.#past.bytesIn += counters.bytesIn;
    this.#past.messagesOut += counters.messagesOut;
    this.#past.bytesOut += counters.bytesOut;
    histogramOf(this.#connections, label).observe((this.#clock.now() - peer.admittedAt) / 1000);
  }

  finished(session: Session, { label }: Ending): void {
    this.#sessions.delete(session);
    const { state } = session;
    if (state.t !== 'finished' || state.pairedAt === undefined) return;
    histogramOf(this.#lives, label).observe((this.#clock.now() - state.pairedAt) / 1000);
  }

  samples(): [MetricName, Sample[]][] {
    const now = this.#present();
    return [
      ['ws_proxy.relay.messages', directions(now.messagesIn, now.messagesOut)],
      ['ws_proxy.relay.io', directions(now.bytesIn, now.bytesOut)],
      ['ws_proxy.connections', samplesBy('state', Object.entries(now.states))],
      ['ws_proxy.connections.held', samplesBy('reason', Object.entries(now.held))],
      ['ws_proxy.admissions', sampleOf(this.#admitted)],
      ['ws_proxy.refusals', samplesBy('reason', this.#refusals)],
      ['ws_proxy.connection.duration', samplesBy('ending', this.#connections)],
      ['ws_proxy.sessions', samplesBy('state', Object.entries(this.#standing()))],
      ['ws_proxy.session.duration', samplesBy('ending', this.#lives)],
      ['ws_proxy.pairing.duration', sampleOf(this.#pairing)],
      ['ws_proxy.backlog', sampleOf(now.backlog)],
      ['ws_proxy.backlog.largest', sampleOf(now.largest)],
    ];
  }

  #present() {
    const sum = {
      ...this.#past,
      held: { backlog: 0, rate: 0 },
      backlog: 0,
      largest: 0,
      states: { greeting: 0, waiting: 0, paired: 0 },
    };
    for (const peer of this.#peers) {
      sum.messagesIn += peer.counters.messagesIn;
      sum.bytesIn += peer.counters.bytesIn;
      sum.messagesOut += peer.counters.messagesOut;
      sum.bytesOut += peer.counters.bytesOut;
      for (const reason of HOLD_REASONS) if (peer.heldFor(reason)) sum.held[reason] += 1;
      const { backlog } = peer.socket;
      sum.backlog += backlog;
      sum.largest = Math.max(sum.largest, backlog);
      sum.states[standing(peer)] += 1;
    }
    return sum;
  }

  #standing(): Record<'waiting' | 'paired', number> {
    const counts = { waiting: 0, paired: 0 };
    for (const { state } of this.#sessions) counts[state.t === 'waiting' ? 'waiting' : 'paired'] += 1;
    return counts;
  }
}

function standing({ session }: Peer): 'greeting' | 'waiting' | 'paired' {
  if (session === undefined) return 'greeting';
  return session.state.t === 'waiting' ? 'waiting' : 'paired';
}

function histogramOf(all: Map<EndingLabel, Histogram>, label: EndingLabel): Histogram {
  const histogram = all.get(label) ?? new Histogram(LIFE_SECONDS);
  all.set(label, histogram);
  return histogram;
}

function directions(received: number, sent: number): Sample[] {
  return samplesBy('direction', Object.entries({ received, sent }));
}
