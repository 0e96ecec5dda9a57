import type { Writable } from 'node:stream';
import * as library from 'ws';
import { FastLane } from '../../proxy/transport/fast-lane.js';

/** ws exports its reader of frames; its type description does not. */
const { Receiver } = library as unknown as {
  readonly Receiver: new (options: Readonly<Record<string, unknown>>) => Writable;
};

/** Bytes of a message that either takes. */
const MAX_MESSAGE_BYTES = 6_000;

/** A reader of frames, and its results. */
export interface Reader {
  readonly events: string[];
  push(piece: Buffer): void;
}

/** The library alone, and its events in order. */
export function alone(): Reader & { readonly receiver: Writable } {
  const events: string[] = [];
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_MESSAGE_BYTES, maxFragments: 3 });
  receiver.on('message', (data: Buffer, binary: boolean) =>
    events.push(`message ${binary} ${data.toString('base64')}`),
  );
  receiver.on('ping', (data: Buffer) => events.push(`ping ${data.toString('base64')}`));
  receiver.on('pong', (data: Buffer) => events.push(`pong ${data.toString('base64')}`));
  receiver.on('conclude', (code: number) => events.push(`conclude ${code}`));
  receiver.on('error', (error: Error & { code?: string }) => events.push(`error ${error.code}`));
  return { events, receiver, push: (piece) => isLive(events) && receiver.write(piece) };
}

/** The library behind the fast lane. */
export function behindLane(): Reader {
  const { events, receiver, push } = alone();
  const take = (data: Buffer, binary: boolean): void => {
    events.push(`message ${binary} ${data.toString('base64')}`);
  };
  const lane = new FastLane(MAX_MESSAGE_BYTES, {
    library: push,
    message: take,
    rest: () => {},
    pinged: () => false,
    concluded: () => false,
    goOn: () => {},
    ponged: (data) => events.push(`pong ${data.toString('base64')}`),
  });
  receiver.on('error', () => lane.stop());
  return { events, push: (piece) => lane.read(piece) };
}

/** ws reads no more after a close frame or a fault. */
function isLive(events: readonly string[]): boolean {
  return !/^(conclude|error)/.test(events.at(-1) ?? '');
}
