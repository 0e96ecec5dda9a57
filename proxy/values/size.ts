import { type Bounds, inLargestUnit, type Quantity, within } from './quantity.js';

const FACTORS: Readonly<Record<string, number>> = { GiB: 1024 ** 3, MiB: 1024 ** 2, KiB: 1024, B: 1 };
const WRITTEN = Object.entries(FACTORS).map(([unit, factor]) => [unit === 'B' ? '' : unit, factor] as const);
const FORM = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)?$/;

/** Reads `4096`, `512KiB`, `4MiB` as bytes. */
export function readSize(text: string, bounds: Bounds = {}): Quantity {
  const [, count, unit = 'B'] = FORM.exec(text) ?? [];
  if (count === undefined) return { fault: 'it is not a size such as 4096, 512KiB or 4MiB' };
  return within(Math.round(Number(count) * (FACTORS[unit] ?? 1)), bounds, 'a size', writeSize);
}

/** Writes bytes as {@link readSize} reads them, in one unit: `4MiB`, `1000`. */
export function writeSize(bytes: number): string {
  return inLargestUnit(bytes, WRITTEN);
}
