import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Clock } from '../../ports/clock.js';
import type { MetricName } from './metric-table.js';
import { type Sample, sampleOf, samplesBy } from './sample.js';

/** Interval at which the event loop's delay is summed up and the open descriptors are counted, milliseconds. */
const PERIOD = 15_000;
/** Resolution of the event loop's delay, milliseconds. */
const RESOLUTION = 10;
const NANOSECONDS = 1e9;
const FD_DIR = '/proc/self/fd';
const LIMITS = '/proc/self/limits';

/** Measures the process: CPU, memory, descriptors, and how busy its event loop is. */
export class ProcessMetrics {
  readonly #clock: Clock;
  readonly #delay: IntervalHistogram;
  readonly #limit: number;
  #descriptors = 0;
  #loop = performance.eventLoopUtilization();
  #shown = { p50: 0, p99: 0, max: 0, utilization: 0 };
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION });
    this.#limit = descriptorLimit();
  }

  start(): void {
    if (this.#stop !== undefined) return;
    this.#delay.enable();
    this.#stop = this.#clock.every(PERIOD, () => this.#look());
    this.#look();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#delay.disable();
  }

  samples(): [MetricName, Sample[]][] {
    const { user, system } = process.cpuUsage();
    const { p50, p99, max, utilization } = this.#shown;
    return [
      ['process.cpu.time', samplesBy('cpu.mode', Object.entries({ user: user / 1e6, system: system / 1e6 }))],
      ['process.memory.usage', sampleOf(process.memoryUsage.rss())],
      ['process.open_fds', sampleOf(this.#descriptors)],
      ['process.max_fds', sampleOf(this.#limit)],
      ['process.uptime', sampleOf(process.uptime())],
      ['nodejs.eventloop.utilization', sampleOf(utilization)],
      ['nodejs.eventloop.delay.p50', sampleOf(p50)],
      ['nodejs.eventloop.delay.p99', sampleOf(p99)],
      ['nodejs.eventloop.delay.max', sampleOf(max)],
      ['v8js.memory.heap.used', sampleOf(process.memoryUsage().heapUsed)],
    ];
  }

  #look(): void {
    const loop = performance.eventLoopUtilization();
    this.#shown = {
      p50: this.#seconds(this.#delay.percentile(50)),
      p99: this.#seconds(this.#delay.percentile(99)),
      max: this.#seconds(this.#delay.max),
      utilization: performance.eventLoopUtilization(loop, this.#loop).utilization,
    };
    this.#loop = loop;
    this.#delay.reset();
    // The directory is read off the event loop, since with thousands of connections it is long.
    readdir(FD_DIR).then(
      (names) => {
        this.#descriptors = names.length;
      },
      () => {},
    );
  }

  /** The histogram holds the time between two ticks of a timer, so an idle loop shows the resolution itself. */
  #seconds(nanoseconds: number): number {
    const late = nanoseconds - RESOLUTION * 1e6;
    return this.#delay.count === 0 ? 0 : Math.max(0, late) / NANOSECONDS;
  }
}

function descriptorLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync(LIMITS, 'latin1')) ?? [];
    return Number(limit ?? 0);
  } catch {
    return 0;
  }
}
