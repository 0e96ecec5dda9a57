/** Numbers that an axis can end at. */
const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next number that is one of `STEPS` × 10ⁿ; 1 for what is not above 0. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((one) => value <= one * power * (1 + 1e-9)) ?? 10;
  return step * power;
}

/** The same for bytes: a round number of B, KiB, MiB and so on. */
export function roundUpBinary(bytes: number): number {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const rounded = roundUp(bytes / unit);
  return (rounded > 1000 ? 1024 : rounded) * unit;
}
