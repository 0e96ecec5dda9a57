import type { Clock } from '../../ports/clock.js';
import { zeroCounters } from '../../session/life/counters.js';
import type { RefusedUpgrade } from '../../session/life/refused-upgrade.js';
import type { EventReader } from '../../session/views/events.js';
import { addTo, type LoadSource } from '../../session/views/load.js';
import type { PeerView, SessionView } from '../../session/views/view.js';
import type { Ending, EndingLabel } from '../../wire/close.js';
import { Histogram, LIFE_SECONDS } from './histogram.js';
import type { MetricName } from './metric-table.js';
import { type Sample, sampleOf, samplesBy } from './sample.js';

/** Counts the events of connections and sessions. Current numbers are read from the table of sessions at each scrape. */
export class LifecycleCounts implements EventReader {
  readonly #clock: Clock;
  readonly #present: LoadSource;
  /** Messages and bytes that the ended connections moved. */
  readonly #past = zeroCounters();
  readonly #refusals = new Map<string, number>();
  readonly #connections = new Map<EndingLabel, Histogram>();
  readonly #lives = new Map<EndingLabel, Histogram>();
  readonly #pairing = new Histogram(LIFE_SECONDS);
  #admitted = 0;

  constructor(clock: Clock, present: LoadSource) {
    this.#clock = clock;
    this.#present = present;
  }

  refused({ refusal: { label } }: RefusedUpgrade): void {
    this.#refusals.set(label, (this.#refusals.get(label) ?? 0) + 1);
  }

  admitted(): void {
    this.#admitted += 1;
  }

  paired({ createdAt, pairedAt = createdAt }: SessionView): void {
    this.#pairing.observe((pairedAt - createdAt) / 1000);
  }

  ended({ counters, connectedAt }: PeerView, { label }: Ending): void {
    addTo(this.#past, counters);
    histogramOf(this.#connections, label).observe((this.#clock.now() - connectedAt) / 1000);
  }

  finished({ pairedAt }: SessionView, { label }: Ending): void {
    if (pairedAt !== undefined) histogramOf(this.#lives, label).observe((this.#clock.now() - pairedAt) / 1000);
  }

  samples(): [MetricName, Sample[]][] {
    const now = this.#present.load();
    const { waiting, paired } = this.#present.counts;
    const moved = { ...this.#past };
    addTo(moved, now.moved);
    return [
      ['ws_proxy.relay.messages', directions(moved.messagesIn, moved.messagesOut)],
      ['ws_proxy.relay.io', directions(moved.bytesIn, moved.bytesOut)],
      ['ws_proxy.connections', samplesBy('state', Object.entries(now.standing))],
      ['ws_proxy.connections.held', samplesBy('reason', Object.entries(now.held))],
      ['ws_proxy.admissions', sampleOf(this.#admitted)],
      ['ws_proxy.refusals', samplesBy('reason', this.#refusals)],
      ['ws_proxy.connection.duration', samplesBy('ending', this.#connections)],
      ['ws_proxy.sessions', samplesBy('state', Object.entries({ waiting, paired }))],
      ['ws_proxy.sessions.alone', samplesBy('role', Object.entries(this.#present.alone(this.#clock.now())))],
      ['ws_proxy.session.duration', samplesBy('ending', this.#lives)],
      ['ws_proxy.pairing.duration', sampleOf(this.#pairing)],
      ['ws_proxy.backlog', sampleOf(now.backlog)],
      ['ws_proxy.backlog.largest', sampleOf(now.largestBacklog)],
    ];
  }
}

function histogramOf(all: Map<EndingLabel, Histogram>, label: EndingLabel): Histogram {
  const histogram = all.get(label) ?? new Histogram(LIFE_SECONDS);
  all.set(label, histogram);
  return histogram;
}

function directions(received: number, sent: number): Sample[] {
  return samplesBy('direction', Object.entries({ received, sent }));
}
