import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { TestNats } from './nats.js';

/** NATS as anybody else uses it. */
export interface RawNats {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
}

const open = new Set<NatsConnection>();

/** Connects past the product; closed after the suite. */
export async function rawNats(
  nats: TestNats,
  user: { readonly user?: string; readonly pass?: string } = {},
  inboxPrefix = '_INBOX',
): Promise<RawNats> {
  const connection = await connect({ servers: nats.url, inboxPrefix, ...user });
  open.add(connection);
  return { connection, js: jetstream(connection), jsm: await jetstreamManager(connection, { checkAPI: false }) };
}

/** Mocha hook: closes the connections of the suite. */
export function useRawNats(): void {
  after(async () => {
    await Promise.all([...open].map((one) => one.close()));
    open.clear();
  });
}
