import { type AsciiPattern, asciiPattern, isAt } from './ascii-pattern.js';

/** The kind of a message, from its messageType [MSG-3]; `unreadable` stands for a message without an envelope. */
export type MessageKind = 'hello' | 'info' | 'request' | 'response' | 'event' | 'other' | 'unreadable';

/** A messageType that has a kind of its own. */
export interface KnownType {
  readonly type: string;
  readonly kind: MessageKind;
  /** The type with its quotes. */
  readonly pattern: AsciiPattern;
}

function known(type: string, kind: MessageKind): KnownType {
  return { type, kind, pattern: asciiPattern(`"${type}"`) };
}

const KNOWN_TYPES = [
  known('REST:REQUEST', 'request'),
  known('REST:RESPONSE', 'response'),
  known('CONN:HELLO', 'hello'),
  known('CONN:INFO', 'info'),
];
const EVENTS = 'EVENT:';
const EVENTS_PATTERN = asciiPattern(`"${EVENTS}`);

/** The kind that a messageType stands for. */
export function kindOf(messageType: string): MessageKind {
  const one = KNOWN_TYPES.find(({ type }) => type === messageType);
  return one?.kind ?? (messageType.startsWith(EVENTS) ? 'event' : 'other');
}

/** Finds the known type whose opening quote stands at `at`. */
export function knownTypeAt(data: Buffer, at: number): KnownType | undefined {
  for (let i = 0; i < KNOWN_TYPES.length; i += 1) {
    const one = KNOWN_TYPES[i];
    if (one !== undefined && isAt(data, at, one.pattern)) return one;
  }
  return undefined;
}

/** The kind of a type that is not among the known ones, from its first characters. */
export function otherKindAt(data: Buffer, at: number): MessageKind {
  return isAt(data, at, EVENTS_PATTERN) ? 'event' : 'other';
}
