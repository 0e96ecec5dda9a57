import type { ClientReadableStream } from '@grpc/grpc-js';
import type { Call__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Call.js';
import type { Refusal__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Refusal.js';
import type { Visit__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Visit.js';
import type { WatchHistoryResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/WatchHistoryResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import type { Connection } from './connection.js';
import { type Form, streamItem } from './output.js';
import { instant, latency, who } from './past-text.js';
import type { Terminal } from './terminal.js';

/** A happening, as far as a test of it looks. */
interface Happening {
  readonly meetup_id: string;
  /** Of refusals and visits. */
  readonly fingerprint?: string;
}

/** Writes a line for each thing that happens and fits, until the stream ends or the command is interrupted. */
export async function followPast(
  connection: Connection,
  stream: ClientReadableStream<WatchHistoryResponse__Output>,
  form: Form,
  io: Terminal,
  fits: (happening: Happening) => boolean,
): Promise<void> {
  await connection.read(stream, (message) => {
    if (message.skipped !== '0') io.note(`${message.skipped} were left out: more than is taken in time\n`);
    if (message.lost_replica !== '') {
      io.note(`${safe(message.lost_replica)} does not answer: what happens there is not shown until it does\n`);
    }
    const happening = message.visit ?? message.refusal ?? message.call ?? null;
    if (happening === null || !fits(happening)) return;
    if (form === 'json' || form === 'yaml') io.out(streamItem(message, form));
    else
      io.out(
        `${lineOf(message)
          .map(safe)
          .join(form === 'plain' ? '\t' : '  ')}\n`,
      );
  });
}

function lineOf({ visit, refusal, call }: WatchHistoryResponse__Output): readonly string[] {
  if (visit !== null && visit !== undefined) return visitLine(visit);
  if (refusal !== null && refusal !== undefined) return refusalLine(refusal);
  return call === null || call === undefined ? [] : callLine(call);
}

function visitLine(visit: Visit__Output): readonly string[] {
  const { ending } = visit;
  const person = [visit.meetup_id, visit.role, who(visit)];
  if (ending !== null) return [instant(visit.go_time), 'WENT', ...person, `${ending.label}: ${ending.text}`];
  if (visit.meet_time !== null) return [instant(visit.meet_time), 'MET', ...person];
  return [instant(visit.come_time), 'CAME', ...person];
}

function refusalLine(refusal: Refusal__Output): readonly string[] {
  const { reason, detail, meaning, meetup_id: meetup } = refusal;
  return [instant(refusal.last_time), 'REFUSED', meetup || '-', who(refusal), `${reason}: ${detail || meaning}`];
}

function callLine(call: Call__Output): readonly string[] {
  const status = call.status_code === 0 ? '' : ` ${call.status_code}`;
  const split = `${latency(call.peer_latency)} peer, ${latency(call.proxy_latency)} proxy`;
  const what = `${call.method} ${call.path}`.trim();
  return [
    instant(call.start_time),
    'CALL',
    call.meetup_id,
    `${call.failure || call.outcome}${status}`,
    split,
    call.trace_id,
    what,
  ];
}
