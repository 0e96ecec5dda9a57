import type { GetHistoryResponse__Output as History } from '../proxy/control/generated/micronets/wsproxy/control/v1/GetHistoryResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import { connected } from './connection.js';
import { EXIT } from './exit-codes.js';
import { type Column, columns, cutLines, documentOf, type Form, formOf } from './output.js';
import type { PastFlags } from './past.js';
import {
  callColumns,
  hasLinks,
  keptText,
  latency,
  moment,
  refusalColumns,
  visitColumns,
  wrapped,
} from './past-text.js';
import { followPast } from './past-watch-run.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

/** `history`: one meetup. */
export async function showHistory(meetup: string, flags: PastFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    const { client, ask } = connection;
    const form = formOf(flags, io);
    // It is open before the question is asked, so that nothing between the two is missed.
    const stream = flags.watch === true ? client.watchHistory({ meetup_id: meetup }) : undefined;
    const history = await ask<History>((metadata, options, done) =>
      client.getHistory({ meetup_id: meetup, limit: flags.limit }, metadata, options, done),
    );
    io.out(form === 'json' || form === 'yaml' ? documentOf(history, form) : textOf(history, form, io));
    tellUnanswered(history.unreachable_replicas, 'what happened there is not shown', io);
    if (stream !== undefined) await followPast(connection, stream, form, io, (one) => one.meetup_id === meetup);
    else if (history.since_time === null) process.exitCode = EXIT.notFound;
  });
}

function textOf(history: History, form: 'table' | 'plain', io: Terminal): string {
  const now = Date.now();
  const width = io.columns ?? Number.POSITIVE_INFINITY;
  const since = history.since_time === null ? '' : `, remembered since ${moment(history.since_time, now)}`;
  const head = `${history.meetup_id} at ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC${since}`;
  const findings = history.findings.map((one) => `${wrapped(`* ${safe(one)}`, width, '  ')}\n`);
  const list = <Row>(title: string, note: string, rows: readonly Row[], of: readonly Column<Row>[]): string => {
    if (rows.length === 0) return '';
    return `\n${title}${note === '' ? '' : ` (${note})`}\n${fitted(columns(rows, of, form), form, width)}`;
  };
  const visits = visitColumns(now);
  const calls = callColumns(now, false, hasLinks([...history.failed_calls, ...history.calls]));
  return [
    `${safe(head)}\n`,
    ...findings,
    list('HERE', '', history.present, visits),
    list('WAS HERE', keptText(history.kept_visits, 'visits'), history.past, visits),
    endingText(history, width),
    list('REFUSED', keptText(history.kept_refusals, 'refusals'), history.refusals, refusalColumns(now)),
    summaryText(history, width),
    list('FAILED CALLS', '', history.failed_calls, calls),
    list('OTHER CALLS', '', history.calls, calls),
  ].join('');
}

/** Lists are cut on a terminal only. */
function fitted(text: string, form: Form, width: number): string {
  return form === 'table' && width !== Number.POSITIVE_INFINITY ? cutLines(text, width) : text;
}

function endingText({ endings, meetings }: History, width: number): string {
  if (endings.length === 0) return '';
  const told = endings.map(({ label, count }) => `${label} ${count}`).join(', ');
  return `${wrapped(`They met ${meetings} times; connections ended by ${safe(told)}.`, width)}\n`;
}

function summaryText({ summary, kept_calls: kept }: History, width: number): string {
  if (summary === null || summary.calls === '0') return '';
  const { calls, not_answered: none, answered_5xx: server, answered_4xx: client } = summary;
  const failed = `${none} not answered, ${server} answered 5xx, ${client} answered 4xx`;
  const split =
    summary.answered === '0'
      ? ''
      : `; at the peer ${latency(summary.mean_peer_latency)} mean and ${latency(summary.max_peer_latency)} most, ` +
        `in the proxy ${latency(summary.mean_proxy_latency)} mean and ${latency(summary.max_proxy_latency)} most`;
  const retained = keptText(kept, 'calls');
  return `\n${wrapped(`CALLS ${calls}: ${failed}${split}${retained === '' ? '' : `; ${retained}`}`, width)}\n`;
}
