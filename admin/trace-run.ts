import type { Call__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Call.js';
import type { ListCallsResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/ListCallsResponse.js';
import { parseTraceparent } from '../proxy/wire/trace-context.js';
import { connected } from './connection.js';
import type { ConnectionFlags } from './connection-flags.js';
import { AdminFailure, EXIT } from './exit-codes.js';
import { documentOf, formOf, type OutputFlags, properties } from './output.js';
import { instant, latency } from './past-text.js';
import type { Terminal } from './terminal.js';
import { tellUnanswered } from './unanswered.js';

/** `trace`: every kept call of one trace. */
export async function showTrace(id: string, flags: ConnectionFlags & OutputFlags, io: Terminal): Promise<void> {
  const trace = parseTraceparent(id)?.traceId ?? id;
  const found = await connected(flags, io.environment, ({ client, ask }) =>
    ask<ListCallsResponse__Output>((metadata, options, done) =>
      client.listCalls({ trace_id: trace, limit: 500 }, metadata, options, done),
    ),
  );
  tellUnanswered(found.unreachable_replicas, 'whether they have it is not known', io);
  if (found.calls.length === 0) throw new AdminFailure(notKept(trace, found), EXIT.notFound);
  const form = formOf(flags, io);
  if (form === 'json' || form === 'yaml') io.out(documentOf({ calls: found.calls }, form));
  else io.out(found.calls.map((call) => properties(card(call), form)).join('\n'));
}

function notKept(trace: string, { kept, since_time: since }: ListCallsResponse__Output): string {
  const few = `of ${kept?.seen ?? 0} calls since ${instant(since)} ${kept?.kept ?? 0} are kept`;
  return `no call of trace ${trace} is kept: ${few}, those that failed or took a second before the others`;
}

function card(call: Call__Output): readonly (readonly [string, string])[] {
  const status = call.status_code === 0 ? 'no status' : String(call.status_code);
  const ended = call.ending === '' ? '' : `, by the end of the session: ${call.ending}`;
  return [
    ['trace', call.trace_id],
    ...(call.claimed_trace_id === '' ? [] : [['asked with', call.claimed_trace_id] as const]),
    ['call', `${call.method} ${call.path}`.trim()],
    ['result', `${call.failure || call.outcome}, ${status}${ended}`],
    ['meaning', call.meaning],
    ['time', instant(call.start_time)],
    ['at the peer', `${latency(call.peer_latency)}, the ${call.responder_role} that was asked`],
    ['in the proxy', latency(call.proxy_latency)],
    ['asked by', `the ${call.requester_role}`],
    ['bytes', `${call.request_bytes} asked, ${call.response_bytes} answered`],
    ['meetup', call.meetup_id],
    ['session', call.session_uid],
    ['replica', call.replica],
    ...(call.trace_url === '' ? [] : [['link', call.trace_url] as const]),
  ];
}
