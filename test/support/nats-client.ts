import type { NatsSettings } from '../../proxy/cluster/nats/line/settings.js';
import { type Nats, openNats } from '../../proxy/cluster/nats/open-nats.js';
import type { Claim, Put, Read, ReplicaRecord } from '../../proxy/cluster/store.js';
import type { TestNats } from './nats.js';

/** What a replica holds in its hands of NATS, and what it was told. */
export interface OpenedNats extends Nats {
  readonly settings: NatsSettings;
  /** What was told so far: `level: what: detail`. */
  readonly told: readonly string[];
  /** Resolves when something that matches is told, or was. */
  hears(pattern: RegExp): Promise<string>;
  /** Resolves when the connection stands, or does not. */
  turns(connected: boolean): Promise<void>;
}

/** Settings for a server of the test. */
export function natsSettings(nats: Pick<TestNats, 'url'>, more: Partial<NatsSettings> = {}): NatsSettings {
  return {
    servers: [nats.url],
    name: 'ws-proxy test',
    cluster: 'wsp',
    credsFile: undefined,
    userFile: undefined,
    caFile: undefined,
    certFile: undefined,
    keyFile: undefined,
    streams: { replicas: 1, storage: 'file' },
    requestTime: 1_500,
    ...more,
  };
}

/** Mocha hook: opens as many as a test wants, and closes them after it. */
export function useNatsClients(): (settings: NatsSettings) => OpenedNats {
  const opened: OpenedNats[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));
  return (settings) => {
    const one = openClient(settings);
    opened.push(one);
    return one;
  };
}

function openClient(settings: NatsSettings): OpenedNats {
  const told: string[] = [];
  const hearers = new Set<() => void>();
  const nats = openNats(settings, {
    tell(level, what, detail) {
      told.push([level, what, detail].filter((part) => part !== undefined).join(': '));
      for (const hear of [...hearers]) hear();
    },
  });
  return {
    ...nats,
    settings,
    told,
    hears: (pattern) =>
      new Promise((resolve) => {
        const hear = (): void => {
          const found = told.find((line) => pattern.test(line));
          if (found === undefined) return;
          hearers.delete(hear);
          resolve(found);
        };
        hearers.add(hear);
        hear();
      }),
    turns: (connected) =>
      new Promise((resolve) => {
        if (nats.store.connected === connected) return resolve();
        const forget = nats.store.onConnection((now) => {
          if (now !== connected) return;
          forget();
          resolve();
        });
      }),
  };
}

export function claimOf(incarnation: string): Claim {
  return { format: 1, incarnation, name: incarnation, address: `unix:/run/${incarnation}.sock` };
}

export function recordOf(name: string): ReplicaRecord {
  const sockets = { address: `unix:/run/${name}.sock`, control: `unix:/run/${name}-control.sock` };
  return { format: 1, name, ...sockets, version: '1.2.3', policyDigest: 'ab12' };
}

/** The number of a write that must have been made. */
export function writtenIn(put: Put): number {
  if (put.t !== 'written') throw new Error(`not written: ${JSON.stringify(put)}`);
  return put.sequence;
}

/** What was read; the read must have worked. */
export function storedIn<T>(read: Read<T>): { readonly value: T; readonly sequence: number } | undefined {
  if (read.t !== 'read') throw new Error(`not read: ${read.detail}`);
  return read.stored;
}
