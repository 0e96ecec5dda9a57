import type { WebSocket } from 'ws';

/** What reads the input of a websocket of ws; not in its types. */
interface Receiver {
  /** Largest message, bytes; looked at for the head of each frame. */
  _maxPayload: number;
  /** Bytes that came and belong to no whole frame yet. */
  readonly _bufferedBytes: number;
  /** Bytes of the fragments that came of a message. */
  readonly _messageLength: number;
}

function receiverOf(ws: WebSocket): Receiver {
  const { _receiver: receiver } = ws as unknown as { readonly _receiver?: Receiver };
  if (
    receiver?._maxPayload === undefined ||
    receiver._bufferedBytes === undefined ||
    receiver._messageLength === undefined
  )
    throw new Error('this version of ws keeps what it reads elsewhere');
  return receiver;
}

/**
 * Sets the largest message of an open websocket, bytes. ws takes the bound when a websocket is made and has no way to change it
 * later, but who has not said HELLO should not make us hold a message of full size.
 */
export function limitMessages(ws: WebSocket, bytes: number): void {
  receiverOf(ws)._maxPayload = bytes;
}

/** Bytes that an open websocket holds of a message of which only a part has come. */
export function gatheredBy(ws: WebSocket): number {
  const { _bufferedBytes, _messageLength } = receiverOf(ws);
  return _bufferedBytes + _messageLength;
}
