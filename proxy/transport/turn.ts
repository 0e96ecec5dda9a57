import type { AfterWrites } from '../ports/clock.js';
import { tersely } from './lost-writes.js';

/**
 * One turn of the event loop, as the connections share it. It has three phases, and everything that depends on the order of its phases stands here:
 * 1. *read*: sockets are read, messages are handled, and what they cause is gathered. The first reader opens the turn by `inTurn`.
 * 2. *written*: the gathered messages leave, with one write for each connection. In a prototype this halved the CPU time of a message.
 * 3. *after*: those who waited for the writes are called: reading goes on, departures are noted.
 *
 * Phases 2 and 3 run in the one `setImmediate` callback of the turn, so their order does not depend on who asked first. What a
 * callback asks for belongs to the next turn.
 */

/** Writes what one connection gathered. An object and not a function: each connection would keep a function of its own for life. */
export interface Writer {
  /** Called once, when the reading of this turn is done. */
  flush(): void;
}

let number = 0;
let isOpen = false;
let writers: Writer[] = [];
let waiting: AfterWrites[] = [];

/** The number of this turn, which opens by it: two calls give the same number when nothing was written between them. */
export function inTurn(): number {
  open();
  return number;
}

/** Has `writer` flushed in the phase *written* of this turn, once for each call. */
export function writeInTurn(writer: Writer): void {
  open();
  writers.push(writer);
}

/** Has `waiter` called in the phase *after* of this turn, once for each call. */
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
