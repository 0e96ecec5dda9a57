import type { ListRefusalsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ListRefusalsResponse.js';
import { connected } from './connection.js';
import { columns, cutLines, documentOf, formOf } from './output.js';
import type { RefusalFlags } from './past.js';
import { instant, refusalColumns } from './past-text.js';
import { followPast } from './past-watch-run.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

/** `refusals`. */
export async function showRefusals(flags: RefusalFlags, io: Terminal): Promise<void> {
  const { since, meetup = '', subject = '', fingerprint = '', limit } = flags;
  await connected(flags, io.environment, async (connection) => {
    const { client, ask } = connection;
    const form = formOf(flags, io);
    const whom = { meetup_id: meetup, subject };
    const stream = flags.watch === true ? client.watchHistory({ ...whom, refusals: true }) : undefined;
    const request = { ...whom, fingerprint, limit, ...(since === undefined ? {} : { since }) };
    const found = await ask<ListRefusalsResponse__Output>((metadata, options, done) =>
      client.listRefusals(request, metadata, options, done),
    );
    if (form === 'json' || form === 'yaml') io.out(documentOf(found, form));
    else {
      const text = columns(found.refusals, refusalColumns(Date.now()), form);
      io.out(io.columns === undefined ? text : cutLines(text, io.columns));
      for (const note of notesOn(found)) io.note(`${note}\n`);
    }
    tellUnanswered(found.unreachable_replicas, 'their refusals are not shown', io);
    if (stream !== undefined) {
      const asked = fingerprint.replaceAll(':', '').toLowerCase();
      await followPast(connection, stream, form, io, (one) => asked === '' || one.fingerprint === asked);
    }
  });
}

/** What an answer leaves out. */
function notesOn(found: ListRefusalsResponse__Output): string[] {
  const { refusals, total_size: total, kept, since_time: since, edge_report_time: told } = found;
  return [
    ...(total > refusals.length ? [`${refusals.length} of ${total}; --limit shows more`] : []),
    `${kept?.seen ?? 0} refusals since ${instant(since)}, in ${kept?.kept ?? 0} records: what is alike shares one`,
    ...(told === null
      ? ['no edge has told of a handshake that it ended: none failed, or it is not set up to tell (envoy/README.md)']
      : []),
  ];
}
