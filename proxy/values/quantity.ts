/** Bounds of a quantity, both of them allowed values, in its own unit: milliseconds, bytes, pieces. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A quantity that was read, or one phrase about the fault of the text: `it is not a duration from 1s to 1h`. */
export type Quantity = { readonly ok: number } | { readonly fault: string };

/**
 * Checks a quantity against its bounds. The fault names the bounds as `write` writes them.
 *
 * @param noun name of the quantity, with its article: `a duration`
 */
export function within(value: number, bounds: Bounds, noun: string, write: (value: number) => string): Quantity {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (value >= min && value <= max) return { ok: value };
  const end = bounds.max === undefined ? '' : ` to ${write(max)}`;
  return { fault: `it is not ${noun} from ${write(min)}${end}` };
}

/** Writes a quantity in the largest unit of which it is a whole number. `units`: the largest first, the last one 1. */
export function inLargestUnit(value: number, units: readonly (readonly [name: string, size: number])[]): string {
  const [name = '', size = 1] = units.find(([, size]) => value >= size && value % size === 0) ?? [];
  return `${value / size}${name}`;
}
