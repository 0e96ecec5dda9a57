import { setTimeout } from 'node:timers/promises';
import type { GetServerInfoResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetServerInfoResponse.js';
import type { ServerInfo__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ServerInfo.js';
import { safe } from '../proxy/wire/safe-text.js';
import type { Connection } from './connection.js';
import type { ReplicaDrain } from './drain-run.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** Time between two looks at whether a replica is back, milliseconds. */
const LOOK_INTERVAL = 1_000;

/**
 * Drains replicas one after another. A drain cannot be undone, so each has to be started again, by whoever runs it; the next one is drained once
 * the one before it takes newcomers again. Rejects with AdminFailure when that takes longer than `patience` (milliseconds).
 */
export async function rollingDrain(
  connection: Connection,
  replicas: readonly string[],
  drain: Pick<ReplicaDrain, 'begin' | 'followToEnd'>,
  patience: number,
  io: Terminal,
): Promise<void> {
  for (const [at, replica] of replicas.entries()) {
    const before = (await runsOf(connection, replica))[0]?.incarnation;
    await drain.begin(replica);
    await drain.followToEnd(replica).catch((error: unknown) => {
      // Whoever runs it may start it again as soon as it is drained.
      if (!isUnavailable(error)) throw error;
    });
    if (at === replicas.length - 1) {
      io.note(`${safe(replica)} is drained: start it again\n`);
      return;
    }
    io.note(`${safe(replica)} is drained: start it again; the next one is drained when it takes newcomers\n`);
    await isBack(connection, replica, before, patience);
  }
}

/** Waits until another run of a replica takes newcomers. */
async function isBack(
  connection: Connection,
  replica: string,
  before: string | undefined,
  patience: number,
): Promise<void> {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    const runs = await runsOf(connection, replica);
    const fresh = runs.find(({ incarnation }) => incarnation !== before);
    if (fresh?.drain_state === 'DRAIN_STATE_SERVING' && fresh.not_ready === '') return;
    await setTimeout(LOOK_INTERVAL);
  }
  throw new AdminFailure(
    `${safe(replica)} did not come back within ${Math.round(patience / 1000)} s: the replicas after it are not drained`,
    EXIT.unavailable,
  );
}

/** The runs of a replica that answer; none while nobody answers at all, as while the replica behind the edge changes. */
async function runsOf({ ask, client }: Connection, replica: string): Promise<readonly ServerInfo__Output[]> {
  try {
    const info = await ask<GetServerInfoResponse__Output>((metadata, options, done) =>
      client.getServerInfo({}, metadata, options, done),
    );
    return info.replicas.filter((one) => one.replica === replica);
  } catch (error) {
    if (isUnavailable(error)) return [];
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AdminFailure && error.exitCode === EXIT.unavailable;
}
