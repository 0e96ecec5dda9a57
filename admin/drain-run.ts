import type { Drain__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Drain.js';
import type { DrainReplicaResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/DrainReplicaResponse.js';
import type { GetDrainResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetDrainResponse.js';
import type { GetServerInfoResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import { type Connection, connected } from './connection.js';
import type { DrainFlags } from './drain.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { timeMs } from './json-form.js';
import { documentOf, formOf, properties, streamItem } from './output.js';
import { rollingDrain } from './rolling-drain.js';
import type { Terminal } from './terminal.js';

/** `drain`. */
export async function drain(word: string | undefined, flags: DrainFlags, io: Terminal): Promise<void> {
  if (flags.rolling === true && (flags.all !== true || flags.status === true || !flags.wait)) {
    throw new AdminFailure('--rolling goes with --all, and neither with --status nor with --no-wait', EXIT.usage);
  }
  await connected(flags, io.environment, async (connection) => {
    const names = await replicasMeant(connection, word, flags);
    const one = new ReplicaDrain(connection, flags, io, names.length > 1);
    if (flags.rolling === true) await rollingDrain(connection, names, one, flags.backWithin, io);
    else await atOnce(names, one, flags);
  });
}

async function atOnce(names: readonly string[], one: ReplicaDrain, { status, wait }: DrainFlags): Promise<void> {
  if (status !== true) for (const name of names) await one.begin(name);
  if (status === true || !wait) for (const name of names) await one.tellStatus(name);
  else await Promise.all(names.map((name) => one.followToEnd(name)));
}

/** The replicas that a command line means; one that is alone need not be named. Rejects with AdminFailure. */
async function replicasMeant(
  { ask, client }: Connection,
  word: string | undefined,
  flags: DrainFlags,
): Promise<readonly string[]> {
  if (word !== undefined && flags.all === true) {
    throw new AdminFailure('name a replica or give --all, not both', EXIT.usage);
  }
  if (word !== undefined) return [word];
  const info = await ask<GetServerInfoResponse__Output>((metadata, options, done) =>
    client.getServerInfo({}, metadata, options, done),
  );
  const { server, replicas, unreachable_replicas: silent } = info;
  const known = replicas.length === 0 ? [server?.replica ?? ''] : replicas.map(({ replica }) => replica);
  if (flags.all !== true && flags.status !== true && known.length + silent.length > 1) {
    const named = safe([...known, ...silent].toSorted().join(', '));
    throw new AdminFailure(`several replicas serve together: name one of ${named}, or give --all`, EXIT.usage);
  }
  if (silent.length > 0) {
    throw new AdminFailure(
      `${safe(silent.join(', '))} did not answer: name the replicas that are meant`,
      EXIT.unavailable,
    );
  }
  return known.toSorted();
}

/** The drain of one replica at a time. */
export class ReplicaDrain {
  readonly #connection: Connection;
  readonly #flags: DrainFlags;
  readonly #io: Terminal;
  readonly #isNamed: boolean;

  /** @param isNamed whether each line says of which replica it is */
  constructor(connection: Connection, flags: DrainFlags, io: Terminal, isNamed: boolean) {
    this.#connection = connection;
    this.#flags = flags;
    this.#io = io;
    this.#isNamed = isNamed;
  }

  async begin(replica: string): Promise<void> {
    const { ask, client } = this.#connection;
    const { batch, deadline, interval, spread } = this.#flags;
    const request = {
      replica,
      batch_size: batch ?? 0,
      ...(deadline === undefined ? {} : { deadline }),
      ...(interval === undefined ? {} : { batch_interval: interval }),
      ...(spread === undefined ? {} : { retry_spread: spread }),
    };
    const answer = await ask<DrainReplicaResponse__Output>((metadata, options, done) =>
      client.drainReplica(request, metadata, options, done),
    );
    if (!answer.started) this.#io.note(`${this.#named(replica)}a drain is under way already, and its plan stands\n`);
  }

  async tellStatus(replica: string): Promise<void> {
    const { ask, client } = this.#connection;
    const { drain } = await ask<GetDrainResponse__Output>((metadata, options, done) =>
      client.getDrain({ replica }, metadata, options, done),
    );
    const form = formOf(this.#flags, this.#io);
    if (drain === null) return;
    if (form === 'json' || form === 'yaml') {
      this.#io.out(this.#isNamed ? streamItem(drain, form) : documentOf(drain, form));
    } else this.#io.out(properties(rowsOf(drain), form));
  }

  async followToEnd(replica: string): Promise<void> {
    const form = formOf(this.#flags, this.#io);
    const { client } = this.#connection;
    await this.#connection.read(client.watchDrain({ replica }), ({ drain }) => {
      if (drain === null) return;
      const line = `${this.#named(drain.replica)}${sentence(drain)}\n`;
      this.#io.out(form === 'json' || form === 'yaml' ? streamItem(drain, form) : line);
    });
  }

  #named(replica: string): string {
    return this.#isNamed ? `${safe(replica)}: ` : '';
  }
}

function sentence(drain: Drain__Output): string {
  const { sessions_left: sessions, connections_left: connections, invocations_in_flight: busy } = drain;
  return `${wordOf(drain)}: ${sessions} of ${drain.sessions_at_start} sessions left, ${connections} connections, ${busy} invocations in flight`;
}

function rowsOf(drain: Drain__Output): readonly (readonly [string, string])[] {
  // The counts are those of a drain, and would say that nobody is connected.
  if (drain.state === 'DRAIN_STATE_SERVING') {
    return [
      ['replica', drain.replica],
      ['state', 'serving: no drain is under way'],
    ];
  }
  const { start_time: start, deadline_time: deadline } = drain;
  return [
    ['replica', drain.replica],
    ['state', wordOf(drain)],
    ['since', start === null ? '-' : new Date(timeMs(start)).toISOString()],
    ['deadline', deadline === null ? '-' : new Date(timeMs(deadline)).toISOString()],
    ['sessions left', `${drain.sessions_left} of ${drain.sessions_at_start}`],
    ['connections left', String(drain.connections_left)],
    ['in flight', drain.invocations_in_flight],
  ];
}

function wordOf({ state }: Drain__Output): string {
  return state.slice('DRAIN_STATE_'.length).toLowerCase();
}
