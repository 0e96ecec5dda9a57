import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { namesOf } from '../../../../proxy/cluster/nats/subjects.js';

const NAMES = namesOf('wsp');

/** The claims of a fleet, read past the product. */
export class ClaimTable {
  readonly #connection: NatsConnection;
  readonly #streams: JetStreamManager;

  private constructor(connection: NatsConnection, streams: JetStreamManager) {
    this.#connection = connection;
    this.#streams = streams;
  }

  static async open(
    servers: string,
    user: { readonly user?: string; readonly pass?: string } = {},
  ): Promise<ClaimTable> {
    const connection = await connect({ servers, reconnectTimeWait: 250, maxReconnectAttempts: -1, ...user });
    return new ClaimTable(connection, await jetstreamManager(connection, { checkAPI: false }));
  }

  /** How many meetups are claimed. */
  async count(): Promise<number> {
    const { state } = await this.#streams.streams.info(NAMES.claims, { subjects_filter: NAMES.all('claim') });
    return Object.keys(state.subjects ?? {}).length;
  }

  /** The name of the replica that claims that meetup; undefined where none does. */
  async claimant(meetupId: string): Promise<string | undefined> {
    const stored = await this.#streams.direct
      .getMessage(NAMES.claims, { last_by_subj: NAMES.claim(meetupId) })
      .catch(() => null);
    return stored?.json<{ readonly name: string }>().name;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
