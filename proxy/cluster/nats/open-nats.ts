import { inTime } from '../../ports/in-time.js';
import { systemClock } from '../../ports/system-clock.js';
import type { BlockStore } from '../block-store.js';
import type { Store } from '../store.js';
import { NatsLink } from './line/link.js';
import type { NatsNews, NatsSettings } from './line/settings.js';
import { NatsBlocks } from './nats-blocks.js';
import { NatsStore } from './nats-store.js';
import { Requests } from './requests.js';
import { Streams } from './streams.js';

/** Milliseconds that releases have to reach NATS at the end. */
const LAST_WORDS_MS = 2_000;

/** What the replicas share, in NATS. */
export interface Nats {
  readonly store: Store;
  readonly blocks: BlockStore;
  /** Ends the connection, after the releases that were asked for or two seconds. */
  close(): Promise<void>;
}

/**
 * Begins to connect, for ever and in the background, and makes the streams where they are missing and this user may. Throws NatsFileError
 * where a file of credentials cannot be used.
 */
export function openNats(settings: NatsSettings, news: NatsNews): Nats {
  const link = NatsLink.open(settings, news);
  const requests = new Requests(link);
  const streams = new Streams(link, requests, news);
  const store = new NatsStore(link, requests, streams);
  return {
    store,
    blocks: new NatsBlocks(link, requests, streams),
    async close() {
      await inTime(store.settled(), LAST_WORDS_MS, systemClock);
      await link.close();
    },
  };
}
