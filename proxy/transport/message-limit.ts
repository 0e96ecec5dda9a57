import type { WebSocket } from 'ws';

/** What reads the input of a websocket of ws; not in its types. */
interface Receiver {
  /** Largest message, bytes; looked at for the head of each frame. */
  _maxPayload: number;
}

/**
 * Sets the largest message of an open websocket, bytes. ws takes the bound when a websocket is made and has no way to change it
 * later, but who has not said HELLO should not make us hold a message of full size.
 */
export function limitMessages(ws: WebSocket, bytes: number): void {
  const { _receiver: receiver } = ws as unknown as { readonly _receiver?: Receiver };
  if (receiver?._maxPayload === undefined) throw new Error('this version of ws keeps the bound of messages elsewhere');
  receiver._maxPayload = bytes;
}
