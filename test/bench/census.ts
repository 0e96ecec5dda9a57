/**
 * Loaded into the service before itself (`node --expose-gc --import`): on request it runs a full collection and counts the
 * memory and handles of the process. The service does not know of it.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { Peer } from '../../proxy/session/life/peer.js';
import { Session } from '../../proxy/session/life/session.js';

/** The memory and handles of a process. */
export interface Census {
  /** Open handles and timers by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Numbers of live peer and session objects, after the collection. */
  readonly peers: number;
  readonly sessions: number;
  readonly heapBytes: number;
  /** Buffers and other memory outside the heap. */
  readonly externalBytes: number;
  readonly residentBytes: number;
}

process.on('message', (message) => {
  if (message === 'census') collected().then(() => process.send?.({ census: take() }));
});
/** File for the CPU time from the message `mark` to the end of the process, microseconds. */
const { WS_BENCH_ENDING: ending } = process.env;
process.on('message', (message) => {
  if (message !== 'mark' || ending === undefined) return;
  const mark = process.cpuUsage();
  process.once('exit', () => {
    const { user, system } = process.cpuUsage(mark);
    writeFileSync(ending, String(user + system));
  });
  process.send?.({ marked: true });
});
// The channel must not keep a service alive that was told to stop.
process.channel?.unref();

/** Time for the sweep after a collection, milliseconds: another thread gives back the memory of buffers. */
const SWEEP_MS = 100;

async function collected(): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc?.();
    await wait(SWEEP_MS);
  }
}

function take(): Census {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    resources,
    peers: queryObjects(Peer, { format: 'count' }),
    sessions: queryObjects(Session, { format: 'count' }),
    heapBytes: heapUsed,
    externalBytes: external,
    residentBytes: rss,
  };
}
