import { InvalidArgumentError } from 'commander';
import { readCount, readPort } from './count.js';
import { type DurationBounds, readDuration } from './duration.js';
import type { Bounds, Quantity } from './quantity.js';
import { readSize } from './size.js';

/** Turns the text of a flag into its value. Throws InvalidArgumentError, to which commander adds the flag and the text. */
type Argument = (text: string) => number;

/** A flag that takes a time; its value is in milliseconds. */
export function duration(bounds: DurationBounds = {}): Argument {
  return argument((text) => readDuration(text, bounds));
}

/** A flag that takes the longest wait for an answer, 1 ms to 1 h; its value is in milliseconds. */
export const waitTime: Argument = duration({ min: 1, max: 3_600_000 });

/** A flag that takes a whole number, from 1 unless the bounds say otherwise. */
export function count(bounds: Bounds = {}): Argument {
  return argument((text) => readCount(text, { min: 1, ...bounds }));
}

/** A flag that takes a size; its value is in bytes, from 1 unless the bounds say otherwise. */
export function size(bounds: Bounds = {}): Argument {
  return argument((text) => readSize(text, { min: 1, ...bounds }));
}

/** A flag that takes a port. */
export const port: Argument = argument(readPort);

function argument(read: (text: string) => Quantity): Argument {
  return (text) => {
    const quantity = read(text);
    if ('ok' in quantity) return quantity.ok;
    throw new InvalidArgumentError(`${quantity.fault.replace(/^i/, 'I')}.`);
  };
}
