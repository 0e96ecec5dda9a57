import type { AfterWrites } from '../ports/clock.js';
import { tersely } from './lost-writes.js';

/**
 * One turn of the event loop, as the connections share it. It has three phases, and all code that depends on their order stands here:
 * 1. *read*: sockets are read, messages are handled, and the resulting messages are gathered. The first reader opens the turn by
 *   `inTurn`.
 * 2. *written*: the gathered messages leave, with one write for each connection. In a prototype this halved the CPU time of a message.
 * 3. *after*: the waiters for the writes are called: reading goes on, departures are noted.
 *
 * Phases 2 and 3 run in the one `setImmediate` callback of the turn, so their order does not depend on who asked first. A request that
 * a callback makes belongs to the next turn.
 */

/**
 * Writes the gathered messages of one connection. It is an object and not a function, because each connection would keep a function of
 * its own for life.
 */
export interface TurnWriter {
  /** Called once, when the reading of this turn is done. */
  flush(): void;
}

let number = 0;
let isOpen = false;
let writers: TurnWriter[] = [];
let waiting: AfterWrites[] = [];

/** Opens the turn if need be and returns its number: two calls give the same number when nothing was written between them. */
export function inTurn(): number {
  open();
  return number;
}

/** Flushes `writer` in the phase *written* of this turn, once for each call. */
export function writeInTurn(writer: TurnWriter): void {
  open();
  writers.push(writer);
}

/** Calls `waiter` in the phase *after* of this turn, once for each call. */
export function afterWrites(waiter: AfterWrites): void {
  open();
  waiting.push(waiter);
}

function open(): void {
  if (isOpen) return;
  isOpen = true;
  setImmediate(close);
}

function close(): void {
  const [written, after] = [writers, waiting];
  writers = [];
  waiting = [];
  isOpen = false;
  number += 1;
  tersely(() => {
    for (const writer of written) writer.flush();
  });
  for (const one of after) one.written();
}
