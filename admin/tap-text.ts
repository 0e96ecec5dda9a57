import type { Ending__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Ending.js';
import type { TappedMessage__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/TappedMessage.js';
import type { TapSessionResponse__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/TapSessionResponse.js';
import { safe } from '../proxy/wire/safe-text.js';
import { durationMs } from './durations.js';
import { timeMs } from './json-form.js';
import { type Form, streamItem } from './output.js';
import type { Terminal } from './terminal.js';

/** Writes what taps show: a line for each message, and one for each ending. */
export class TapPrinter {
  /** Called once so many messages were written as were asked for. */
  onEnough: () => void = () => {};
  readonly #io: Terminal;
  /** The form for programs; undefined where people read. */
  readonly #data: 'json' | 'yaml' | undefined;
  #left: number;

  /** @param count messages after which it is enough */
  constructor(io: Terminal, form: Form, count: number) {
    this.#io = io;
    this.#data = form === 'json' || form === 'yaml' ? form : undefined;
    this.#left = count;
  }

  /** @param session resource name */
  show(session: string, { message, skipped, ending }: TapSessionResponse__Output): void {
    if (this.#left === 0) return;
    if (skipped !== '0') this.note(`${skipped} messages were left out: more than a tap takes`);
    if (message !== null) {
      this.#io.out(this.#data === undefined ? messageLine(message) : streamItem(message, this.#data));
      this.#left -= 1;
      if (this.#left === 0) this.onEnough();
    }
    if (ending !== null) this.ended(session, ending);
  }

  ended(session: string, ending: Ending__Output): void {
    if (this.#data !== undefined) this.#io.out(streamItem({ session, ending }, this.#data));
    else this.event(`${short(session)} ended by ${ending.label} (${ending.code}): ${ending.text}`);
  }

  /** Something about the session and no message; programs see it in the messages, and in the endings. */
  event(text: string): void {
    if (this.#data === undefined) this.#io.out(`${new Date().toISOString()}  -- ${safe(text)}\n`);
  }

  note(text: string): void {
    this.#io.note(`${safe(text)}\n`);
  }
}

/** `session 1a2b3c4d` */
export function short(name: string): string {
  return `session ${name.replace(/^sessions\//, '').slice(0, 8)}`;
}

function messageLine(message: TappedMessage__Output): string {
  const { time } = message;
  const at = time === null ? '' : new Date(timeMs(time)).toISOString();
  const head = `${at}  ${direction(message)}  ${what(message)}  ${message.size_bytes}B`;
  const body = message.body.length === 0 ? '' : `    ${safe(message.body.toString())}${message.body_cut ? '…' : ''}\n`;
  return `${safe(head)}\n${body}`;
}

/** `manager > gateway`; with the beginning of their uids where both have the same seat. */
function direction({ from_role: from, to_role: to, ...message }: TappedMessage__Output): string {
  if (from !== to) return `${from} > ${to}`;
  return `${from} ${message.from_peer_uid.slice(0, 8)} > ${to} ${message.to_peer_uid.slice(0, 8)}`;
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
