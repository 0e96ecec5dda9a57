import type { WebSocket } from 'ws';
import { PIECE_COST } from './frames/long-message.js';

/** The part of ws that reads the input of a websocket; the types of ws lack it. */
interface Receiver {
  /** Largest message, bytes; ws checks it at the head of each frame. */
  _maxPayload: number;
  /** Input that belongs to no whole frame yet, and the fragments of a message. */
  readonly _buffers: readonly Buffer[];
  readonly _fragments: readonly Buffer[];
}

function receiverOf(ws: WebSocket): Receiver {
  const { _receiver: receiver } = ws as unknown as { readonly _receiver?: Receiver };
  const { _maxPayload, _buffers, _fragments } = receiver ?? {};
  if (receiver === undefined || _maxPayload === undefined || _buffers === undefined || _fragments === undefined)
    throw new Error('this version of ws keeps what it reads elsewhere');
  return receiver;
}

/**
 * Sets the largest message of an open websocket, bytes. ws takes the bound when a websocket is made and has no way to change it later,
 * but a peer that has not said HELLO should not make us hold a message of full size.
 */
export function limitMessages(ws: WebSocket, bytes: number): void {
  receiverOf(ws)._maxPayload = bytes;
}

/** Memory that an open websocket holds of an unfinished message, bytes. */
export function gatheredBy(ws: WebSocket): number {
  const { _buffers, _fragments } = receiverOf(ws);
  return memoryOf(_buffers) + memoryOf(_fragments);
}

/** Each piece keeps everything that was read with it: a fragment of one byte may hold 64 KiB of pongs. */
function memoryOf(pieces: readonly Buffer[]): number {
  let bytes = pieces.length * PIECE_COST;
  let last: ArrayBufferLike | undefined;
  for (const { buffer } of pieces) {
    if (buffer !== last) bytes += buffer.byteLength;
    last = buffer;
  }
  return bytes;
}
