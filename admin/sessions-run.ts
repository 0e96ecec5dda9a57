import { randomUUID } from 'node:crypto';
import type { GetSessionResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetSessionResponse.js';
import type { KickSessionResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/KickSessionResponse.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { columns, documentOf, formOf, type OutputFlags, properties } from './output.js';
import { sessionCard } from './session-card.js';
import { figureColumns, wideColumns } from './session-columns.js';
import { SessionFilter } from './session-filter.js';
import { allSessions, conditionsOf, sessionName } from './session-query.js';
import { sessionTable } from './session-table.js';
import type { KickFlags, ListFlags } from './sessions.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

/** `sessions list`. */
export async function listSessions(flags: ListFlags, io: Terminal): Promise<void> {
  const now = Date.now();
  const filter = new SessionFilter(conditionsOf(flags, now), flags.filter);
  const { sessions, total, unanswered } = await connected(flags, io.environment, (connection) =>
    allSessions(connection, filter.text, flags.orderBy, flags.limit).catch((error: unknown) => {
      throw filter.told(error);
    }),
  );
  tellUnanswered(unanswered, 'the sessions there are not shown', io);
  const form = flags.output ?? formOf({}, io);
  if (form === 'json' || form === 'yaml') {
    io.out(documentOf({ sessions, total_size: total, unreachable_replicas: unanswered }, form));
    return;
  }
  const width = io.columns ?? Number.POSITIVE_INFINITY;
  if (form === 'table') io.out(sessionTable(sessions, figureColumns(now), width));
  else io.out(columns(sessions, wideColumns(now), form === 'wide' ? 'table' : 'plain'));
  if (total > sessions.length) io.note(`${sessions.length} of ${total}; --limit shows more\n`);
}

/** `sessions get`. */
export async function getSession(word: string, flags: ConnectionFlags & OutputFlags, io: Terminal): Promise<void> {
  const { session } = await connected(flags, io.environment, async (connection) => {
    const name = await sessionName(connection, word);
    return connection.ask<GetSessionResponse__Output>((metadata, options, done) =>
      connection.client.getSession({ name }, metadata, options, done),
    );
  });
  if (session === null) throw new AdminFailure('the server answered without a session', EXIT.failed);
  const form = formOf(flags, io);
  io.out(form === 'json' || form === 'yaml' ? documentOf(session, form) : properties(sessionCard(session), form));
}

/** `sessions kick`. */
export async function kickSession(word: string, flags: KickFlags, io: Terminal): Promise<void> {
  const answer = await connected(flags, io.environment, async (connection) => {
    const request = {
      name: await sessionName(connection, word),
      peer_uid: flags.peer ?? '',
      reason: flags.reason,
      request_id: flags.requestId ?? randomUUID(),
      ...(flags.block === undefined ? {} : { block_duration: flags.block }),
    };
    return connection.ask<KickSessionResponse__Output>((metadata, options, done) =>
      connection.client.kickSession(request, metadata, options, done),
    );
  });
  const form = formOf(flags, io);
  if (form === 'json' || form === 'yaml') {
    io.out(documentOf(answer, form));
    return;
  }
  const rows = [
    ['kicked', answer.kicked_peer_uids.join(' ')],
    ['meetup', answer.session?.meetup_id ?? ''],
    ...answer.blocks.map(({ name }) => ['blocked', name] as const),
  ] as const;
  io.out(properties(rows, form));
}
