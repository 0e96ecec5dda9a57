import { type Bounds, type Quantity, within } from './quantity.js';

/** Reads a whole number, written in digits alone. */
export function readCount(text: string, bounds: Bounds = {}): Quantity {
  // Digits beyond 2^53 lose their last places, and no bound is so high.
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return within(value, bounds, 'a whole number', String);
}

/** Reads a port of TCP; 0 stands for one that the system picks. */
export function readPort(text: string): Quantity {
  return within(/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN, { max: 65_535 }, 'a port', String);
}
