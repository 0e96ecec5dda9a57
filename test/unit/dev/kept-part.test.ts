import { expect } from 'chai';
import type { FleetPart } from '../../../dev/fleet/fleet-part.js';
import { KeptPart, PartEnded } from '../../../dev/fleet/kept-part.js';
import type { Part } from '../../../dev/part.js';
import { WaitError } from '../../../dev/wait.js';

const TIMES = { first: 1, most: 4 };
const never = new AbortController().signal;

/** A part whose processes the test ends, and whose readiness it tells. */
class FakePart {
  readonly plan: FleetPart;
  /** Ends the process of that number, from 0; each is one start. */
  readonly processes: { readonly isAnew: boolean; end(how: string): void }[] = [];
  readonly said: string[] = [];
  readonly seen: (number | undefined)[] = [];
  readonly kept: KeptPart;
  /** What `ready` does for each start; it serves at once where nothing is said. */
  readonly ready: ((signal: AbortSignal) => Promise<void>)[] = [];
  readonly #waiting: { readonly starts: number; go(): void }[] = [];

  constructor() {
    this.plan = {
      ...{ name: 'replica-1', port: 1, stopMs: 1, log: 'r.log', isTold: () => false },
      start: (isAnew) => this.#start(isAnew),
      ready: (signal) => this.ready.shift()?.(signal) ?? Promise.resolve(),
    };
    const news = {
      say: (name: string, text: string) => void this.said.push(`${name}: ${text}`),
      changed: () => void this.seen.push(this.kept.pid),
    };
    this.kept = new KeptPart(this.plan, news, TIMES);
  }

  /** Resolves when it has been started so many times. */
  started(starts: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ starts, go });
      this.#look();
    });
  }

  #start(isAnew: boolean): Part {
    let end = (_: string): void => {};
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    const pid = 100 + this.processes.push({ isAnew, end: (how) => end(how) });
    queueMicrotask(() => this.#look());
    return { name: 'replica-1', pid, log: 'r.log', ended, stop: async () => end('was stopped') };
  }

  #look(): void {
    for (const { starts, go } of this.#waiting) if (this.processes.length >= starts) go();
  }
}

/** Never serves; rejects when the process has ended. */
function untilEnd(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('a part of a fleet', () => {
  let part: FakePart;

  beforeEach(() => {
    part = new FakePart();
  });
  afterEach(() => part.kept.stop());

  it('is started again when it ends, with its log going on, as often as that happens', async () => {
    await part.kept.begin(never);
    for (const starts of [2, 3]) {
      part.processes.at(-1)?.end('was killed by SIGKILL');
      await part.started(starts);
    }
    expect(part.processes.map(({ isAnew }) => isAnew)).to.deep.equal([false, true, true]);
    expect(part.seen).to.deep.equal([101, undefined, 102, undefined, 103]);
    expect(part.said.slice(0, 2)).to.deep.equal([
      'replica-1: was killed by SIGKILL; it starts again in 0.001 s; its log is r.log',
      'replica-1: is back (process 102)',
    ]);
  });

  it('waits longer where it ends again before it serves, up to a bound, and short again after it did', async () => {
    await part.kept.begin(never);
    part.ready.push(untilEnd, untilEnd, untilEnd);
    for (const starts of [2, 3, 4, 5, 6]) {
      part.processes.at(-1)?.end('exited with code 1');
      await part.started(starts);
    }
    const waits = part.said.flatMap((line) => /again in ([\d.]+) s/.exec(line)?.[1] ?? []);
    expect(waits.map((text) => Number(text) * 1000)).to.deep.equal([1, 2, 4, 4, 1]);
  });

  it('is left alone where it takes long to serve again', async () => {
    await part.kept.begin(never);
    const late = () => Promise.reject(new WaitError('it did not get ready within 20 s'));
    part.ready.push(late, late);
    part.processes[0]?.end('exited with code 0');
    await part.started(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(part.said.slice(1)).to.deep.equal([
      'replica-1: is not ready yet',
      'replica-1: is not ready yet',
      'replica-1: is back (process 102)',
    ]);
    expect(part.processes).to.have.length(2);
  });

  it('is not started again where it ends before it ever served', async () => {
    part.ready.push(untilEnd);
    const begun = part.kept.begin(never).catch((error: unknown) => error);
    part.processes[0]?.end('exited with code 2');
    const error = await begun;
    expect(error).to.be.instanceOf(PartEnded);
    expect(error).to.include({ message: 'replica-1 exited with code 2: its log is r.log', log: 'r.log' });
    expect(part.processes).to.have.length(1);
  });

  it('stays stopped, also where it was about to be started again', async () => {
    await part.kept.begin(never);
    part.processes[0]?.end('exited with code 1');
    await part.kept.stop();
    expect(part.kept.pid).to.equal(undefined);
    expect(part.processes.length).to.be.lessThan(3);
    const { length } = part.processes;
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMES.most));
    expect(part.processes).to.have.length(length);
  });

  it('gives up its start when it is asked to stop', async () => {
    part.ready.push(untilEnd);
    const stop = new AbortController();
    const begun = part.kept.begin(stop.signal).catch((error: unknown) => error);
    stop.abort('SIGINT');
    expect(await begun).to.equal('SIGINT');
  });
});
