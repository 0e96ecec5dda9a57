import type { Drain__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Drain.js';
import type { DrainReplicaResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/DrainReplicaResponse.js';
import type { GetDrainResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetDrainResponse.js';
import { type Connection, connected } from './connection.js';
import type { DrainFlags } from './drain.js';
import { timeMs } from './json-form.js';
import { documentOf, formOf, properties, streamItem } from './output.js';
import type { Terminal } from './terminal.js';

/** `drain`. */
export async function drain(flags: DrainFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    if (flags.status !== true) await begin(connection, flags, io);
    if (flags.status === true || !flags.wait) await tellStatus(connection, flags, io);
    else await followToEnd(connection, flags, io);
  });
}

async function begin({ ask, client }: Connection, flags: DrainFlags, io: Terminal): Promise<void> {
  const request = {
    replica: flags.replica ?? '',
    batch_size: flags.batch ?? 0,
    ...(flags.deadline === undefined ? {} : { deadline: flags.deadline }),
    ...(flags.interval === undefined ? {} : { batch_interval: flags.interval }),
    ...(flags.spread === undefined ? {} : { retry_spread: flags.spread }),
  };
  const answer = await ask<DrainReplicaResponse__Output>((metadata, options, done) =>
    client.drainReplica(request, metadata, options, done),
  );
  if (!answer.started) io.note('a drain is under way already, and its plan stands\n');
}

async function tellStatus({ ask, client }: Connection, flags: DrainFlags, io: Terminal): Promise<void> {
  const { drain } = await ask<GetDrainResponse__Output>((metadata, options, done) =>
    client.getDrain({ replica: flags.replica ?? '' }, metadata, options, done),
  );
  const form = formOf(flags, io);
  if (drain === null) return;
  io.out(form === 'json' || form === 'yaml' ? documentOf(drain, form) : properties(rowsOf(drain), form));
}

async function followToEnd(connection: Connection, flags: DrainFlags, io: Terminal): Promise<void> {
  const form = formOf(flags, io);
  await connection.read(connection.client.watchDrain({ replica: flags.replica ?? '' }), ({ drain }) => {
    if (drain === null) return;
    io.out(form === 'json' || form === 'yaml' ? streamItem(drain, form) : `${sentence(drain)}\n`);
  });
}

function sentence(drain: Drain__Output): string {
  const { sessions_left: sessions, connections_left: connections, invocations_in_flight: busy } = drain;
  return `${wordOf(drain)}: ${sessions} of ${drain.sessions_at_start} sessions left, ${connections} connections, ${busy} invocations in flight`;
}

function rowsOf(drain: Drain__Output): readonly (readonly [string, string])[] {
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
