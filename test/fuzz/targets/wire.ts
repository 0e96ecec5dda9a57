import { isDeepStrictEqual } from 'node:util';
import { Envelope, MAX_FALLBACK_BYTES } from '../../../proxy/wire/envelope.js';
import { FIELD } from '../../../proxy/wire/envelope-field.js';
import { readHello } from '../../../proxy/wire/hello.js';
import { messageId } from '../../../proxy/wire/message-id.js';
import { kindOf } from '../../../proxy/wire/message-kind.js';
import { MEETUP_PREFIX, meetupIdFrom } from '../../../proxy/wire/path.js';
import { traceContextOf, withTraceparent } from '../../../proxy/wire/trace-context.js';
import { broken, parser } from '../target.js';
import { ENVELOPE_WORDS } from './words.js';

const CONTEXT = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  sampled: true,
  tracestate: '',
};

type Fields = Readonly<Record<string, unknown>>;

/** A meetup id is the bytes behind the prefix, and none of them could be read in two ways. */
export const path = parser('path', [MEETUP_PREFIX, '/', '..', '%2f', '?', 'a/b', ';v=1'], (input) => {
  const target = input.toString('latin1');
  const reading = meetupIdFrom(target);
  if (!('ok' in reading)) return;
  if (`${MEETUP_PREFIX}${reading.ok}` !== target) broken(`another path came out: ${reading.ok}`);
  // Of a query a URL parser escapes what the standard leaves plain.
  if (new URL(target, 'http://a').pathname !== target.split('?')[0]) broken('a URL parser reads another path');
});

/** A message that is taken as a HELLO is a HELLO by JSON.parse too, with the same claims; every other message is refused with a reason. */
export const helloMessage = parser('hello', ENVELOPE_WORDS, (input) => {
  const reading = readHello(input, 1024);
  if (!('ok' in reading)) return;
  const message = messageOf(input);
  const { peerClass, peerId, messageType } = message;
  if (messageType !== 'CONN:HELLO' || !isDeepStrictEqual(reading.ok, { peerClass, peerId }))
    broken('it is no such HELLO');
});

/** The scan says what JSON.parse says of the text as far as it was read, its two open objects closed there. */
export const envelope = parser('envelope', ENVELOPE_WORDS, (input) => {
  const scanned = new Envelope();
  scanned.read(input);
  traced(scanned, input);
  const first = new Envelope();
  first.read(input);
  if (first.kind === 'unreadable' || input.length > MAX_FALLBACK_BYTES) return;
  const read = first.at === 0 ? input : Buffer.concat([input.subarray(0, first.at), Buffer.from('}}')]);
  // The text in between is stepped over and not judged.
  if (isJson(read)) agree(first, messageOf(read));
  first.reach(FIELD.end);
  if (!isJson(input) || first.kind !== kindOf(String(messageOf(input)['messageType']))) return;
  const { path: there, headers, queryStrings } = messageOf(input);
  if (typeof there === 'string' && first.pathText !== there) broken(`its path is ${first.pathText}`);
  if (!isDeepStrictEqual(first.headersValue, headers)) broken('its headers are others');
  if (!isDeepStrictEqual(first.queryStringsValue, queryStrings)) broken('its query is another');
});

function agree(scanned: Envelope, message: Fields): void {
  const { kind } = scanned;
  if (kindOf(String(message['messageType'])) !== kind) broken(`it is of kind ${kind}`);
  if (scanned.typeText !== message['messageType']) broken(`its type is ${scanned.typeText}`);
  if (kind === 'request' && !Object.is(scanned.id, messageId(message['messageId']))) broken('its id is another');
  const { inResponseTo } = scanned;
  if (kind === 'response' && !Object.is(inResponseTo, messageId(message['inResponseTo']))) broken('it answers another');
}

/** A message that gets a trace context is otherwise the same, or it goes on as it came. */
function traced(scanned: Envelope, input: Buffer): void {
  if (scanned.kind !== 'request') return;
  traceContextOf(scanned, input);
  const marked = withTraceparent(scanned, input, CONTEXT);
  if (!isJson(input)) return;
  if (!isJson(marked)) broken('a message is no JSON any more with a traceparent in it');
  const { headers: _, ...before } = messageOf(input);
  const { headers: __, ...after } = messageOf(marked);
  if (!isDeepStrictEqual(before, after)) broken('a traceparent changed more than the headers');
}

function isJson(data: Buffer): boolean {
  try {
    JSON.parse(data.toString());
    return true;
  } catch {
    return false;
  }
}

function messageOf(data: Buffer): Fields {
  const whole = JSON.parse(data.toString()) as { message?: unknown } | null;
  const message = whole?.message;
  return typeof message === 'object' && message !== null ? (message as Fields) : {};
}
