import { createHash } from 'node:crypto';
import type { ConnectionName, MessageKind, ReceivedMessage } from '../judge/history.js';

/** What a message of this suite carries in its body, a HELLO as its peerId. */
export interface Stamp {
  /** The connection that it is sent on. */
  readonly from: ConnectionName;
  /** Of a request: the call that it makes. */
  readonly call?: string;
}

const KINDS: Readonly<Record<string, MessageKind>> = {
  'CONN:HELLO': 'hello',
  'REST:REQUEST': 'request',
  'REST:RESPONSE': 'response',
};

/** The last event of a scene on a connection: what was sent before it has come. */
export const MARK = 'MARK';

/** Reads a message by nothing but its bytes; what cannot be read is an event of nobody. */
export function readMessage(data: Buffer): ReceivedMessage & { readonly isMark: boolean } {
  const digest = createHash('sha1').update(data).digest('base64url').slice(0, 12);
  const fields = fieldsOf(data);
  const { messageType, messageId, inResponseTo, peerId, messageBody } = fields;
  const kind = KINDS[String(messageType)] ?? 'event';
  const stamp = messageBody as Partial<Stamp> | undefined;
  const from = kind === 'hello' ? peerId : stamp?.from;
  const message = {
    kind,
    id: typeof messageId === 'number' ? messageId : -1,
    digest,
    from: typeof from === 'string' ? from : '',
    isMark: messageType === `EVENT:FAULTS:${MARK}`,
    ...(kind === 'request' && typeof stamp?.call === 'string' ? { call: stamp.call } : {}),
  };
  return typeof inResponseTo === 'number' ? { ...message, answers: inResponseTo } : message;
}

function fieldsOf(data: Buffer): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(data.toString()) as { message?: Readonly<Record<string, unknown>> }).message ?? {};
  } catch {
    return {};
  }
}

/** What fills bodies: of many lengths, so that frames begin and end everywhere. */
export function padding(random: () => number, most: number): string {
  return 'x'.repeat(Math.floor(random() ** 3 * most));
}
