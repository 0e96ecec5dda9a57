/**
 * Loaded into the service before itself (`node --expose-gc --import`): on request it counts, after a full collection, what the
 * process holds. Nothing of the service knows of it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { Peer } from '../../proxy/session/life/peer.js';
import { Session } from '../../proxy/session/life/session.js';

/** What a process holds. */
export interface Census {
  /** Open handles and timers by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Objects that something still refers to. */
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
// Waiting for a question must not keep a service alive that was told to stop.
process.channel?.unref();

/** Time for what a collection left to be swept, milliseconds: memory of buffers is given back by another thread. */
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
