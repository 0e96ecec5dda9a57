import type { Duration } from '../proxy/control/generated/google/protobuf/Duration.js';
import type { ListCallsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ListCallsResponse.js';
import { connected } from './connection.js';
import { columns, cutLines, documentOf, formOf } from './output.js';
import type { CallFlags } from './past.js';
import { callColumns, hasLinks, instant } from './past-text.js';
import { followPast } from './past-watch-run.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

/** `calls`. */
export async function showCalls(flags: CallFlags, io: Terminal): Promise<void> {
  const { since, limit } = flags;
  await connected(flags, io.environment, async (connection) => {
    const { client, ask } = connection;
    const form = formOf(flags, io);
    const which = questionIn(flags);
    const stream = flags.watch === true ? client.watchHistory({ ...which, calls: true }) : undefined;
    const request = { ...which, limit, ...(since === undefined ? {} : { since }) };
    const found = await ask<ListCallsResponse__Output>((metadata, options, done) =>
      client.listCalls(request, metadata, options, done),
    );
    if (form === 'json' || form === 'yaml') io.out(documentOf(found, form));
    else {
      const text = columns(found.calls, callColumns(Date.now(), true, hasLinks(found.calls)), form);
      io.out(io.columns === undefined ? text : cutLines(text, io.columns));
      for (const note of notesOn(found)) io.note(`${note}\n`);
    }
    tellUnanswered(found.unreachable_replicas, 'their calls are not shown', io);
    if (stream !== undefined) await followPast(connection, stream, form, io, () => true);
  });
}

/** What is asked of calls, kept ones and those to come. */
function questionIn({ meetup = '', failed, slower }: CallFlags): {
  readonly meetup_id: string;
  readonly failed: boolean;
  readonly slower_than?: Duration;
} {
  const which = { meetup_id: meetup, failed: failed === true };
  if (slower === undefined) return which;
  return { ...which, slower_than: { seconds: Math.floor(slower / 1000), nanos: (slower % 1000) * 1e6 } };
}

function notesOn({ calls, total_size: total, kept, since_time: since }: ListCallsResponse__Output): string[] {
  return [
    ...(total > calls.length ? [`${calls.length} of ${total}; --limit shows more`] : []),
    `of ${kept?.seen ?? 0} calls since ${instant(since)} ${kept?.kept ?? 0} are kept`,
  ];
}
