import type { TappedMessage__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/TappedMessage.js';
import { safe } from '../proxy/wire/safe-text.js';
import { connected } from './connection.js';
import { durationMs } from './durations.js';
import { timeMs } from './json-form.js';
import { formOf, streamItem } from './output.js';
import { sessionName } from './session-query.js';
import type { TapFlags } from './tap.js';
import type { Terminal } from './terminal.js';

/** `tap`: until the session ends, enough was seen, or it is interrupted. */
export async function tap(word: string, flags: TapFlags, io: Terminal): Promise<void> {
  await connected(flags, io.environment, async (connection) => {
    const request = {
      name: await sessionName(connection, word),
      include_bodies: flags.bodies === true,
      max_body_bytes: flags.maxBody ?? 0,
    };
    const form = formOf(flags, io);
    const stream = connection.client.tapSession(request);
    let left = flags.count ?? Number.POSITIVE_INFINITY;
    await connection.read(stream, (response) => {
      if (response.skipped !== '0') io.note(`${response.skipped} messages were left out: more than a tap takes\n`);
      const { message } = response;
      if (message === null || left === 0) return;
      io.out(form === 'json' || form === 'yaml' ? streamItem(message, form) : line(message));
      left -= 1;
      if (left === 0) stream.cancel();
    });
  });
}

function line(message: TappedMessage__Output): string {
  const { time, from_peer_uid: from, to_peer_uid: to } = message;
  const at = time === null ? '' : new Date(timeMs(time)).toISOString();
  const head = `${at}  ${from.slice(0, 8)} > ${to.slice(0, 8)}  ${what(message)}  ${message.size_bytes}B`;
  const body = message.body.length === 0 ? '' : `    ${safe(message.body.toString())}${message.body_cut ? '…' : ''}\n`;
  return `${safe(head)}\n${body}`;
}

function what(message: TappedMessage__Output): string {
  if (message.message_type === '') return message.binary ? '(binary)' : '(no envelope)';
  const words = [
    message.message_type,
    `#${message.message_id}`,
    message.method,
    message.path,
    message.in_response_to === '' ? '' : `to #${message.in_response_to}`,
    message.status_code === 0 ? '' : String(message.status_code),
    message.latency === null ? '' : `${durationMs(message.latency).toFixed(1)}ms`,
  ];
  return words.filter((word) => word !== '').join(' ');
}
