/**
 * What peers saw, as they wrote it down: the input of the checker. A seat is one side of one meetup; a connection of it is named
 * `<meetup>|<side>#<epoch>`, with epochs counted from 1 at each 101. Times are milliseconds of the machine's steady clock, the same
 * for all processes.
 */

export type Side = 'manager' | 'gateway';
export const SIDES: readonly Side[] = ['manager', 'gateway'];

/** `<meetup>|<side>`. */
export type Seat = string;
/** `<meetup>|<side>#<epoch>`. */
export type ConnectionName = string;

export type MessageKind = 'hello' | 'request' | 'response' | 'event';

/** A message as its sender wrote it. */
export interface SentMessage {
  readonly kind: MessageKind;
  /** The messageId, unique for its connection. */
  readonly id: number;
  /** Of all bytes of the message. */
  readonly digest: string;
  /** The id of the request that a response answers. */
  readonly answers?: number;
  /** Of a request: the call that it makes. A call that nobody got is made again by another request, on another connection. */
  readonly call?: string;
}

/** A message as it came. */
export interface ReceivedMessage extends SentMessage {
  /** The connection that the message says it was sent on; empty where it says nothing that can be read. */
  readonly from: ConnectionName;
}

/** Who ended a connection: this peer, the proxy by a close frame, or the line, by an end without one. */
export type EndedBy = 'peer' | 'proxy' | 'line';

export type Entry =
  /** The 101 came. */
  | { readonly t: 'opened'; readonly at: number; readonly on: ConnectionName }
  | { readonly t: 'sent'; readonly at: number; readonly on: ConnectionName; readonly message: SentMessage }
  | { readonly t: 'received'; readonly at: number; readonly on: ConnectionName; readonly message: ReceivedMessage }
  | {
      readonly t: 'closed';
      readonly at: number;
      readonly on: ConnectionName;
      readonly code: number;
      readonly reason: string;
      readonly by: EndedBy;
    }
  /** A dial that led to no connection. */
  | { readonly t: 'refused'; readonly at: number; readonly seat: Seat; readonly why: string };

export interface History {
  /** In the order of each peer; those of different peers in any. */
  readonly entries: readonly Entry[];
  /** When the recording ended. By then nothing was on its way. */
  readonly end: number;
}

export function seatName(meetup: string, side: Side): Seat {
  return `${meetup}|${side}`;
}

export function connectionName(seat: Seat, epoch: number): ConnectionName {
  return `${seat}#${epoch}`;
}

export function seatOf(on: ConnectionName): Seat {
  return on.slice(0, on.lastIndexOf('#'));
}

/** The meetup of a seat or a connection. */
export function meetupOf(name: Seat | ConnectionName): string {
  return name.slice(0, name.lastIndexOf('|'));
}

/** Milliseconds of the machine's steady clock, which all processes share. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
