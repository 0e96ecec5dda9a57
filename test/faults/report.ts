import type { Spread } from './judge/measure.js';
import type { SceneResult } from './scene.js';
import type { Fault } from './table/fault.js';

/** What a fault did, in a few lines for whoever watches. */
export function printed({ fault, measured, handshakes, notes }: SceneResult<Pick<Fault, 'bounds'>>): string {
  const { seen, recovery, told, calls, pairs, messages } = measured;
  const words = Object.entries(seen).map(([word, count]) => `${count} × ${word}`);
  return [
    `${pairs} pairs, ${messages} messages; ${recovery.count} pairs came back after ${timesOf(recovery)}; told after ${timesOf(told)}`,
    `calls: ${calls.made}, ${calls.ended} without an answer, ${calls.endedOfPatient} of them by our peers, longest wait ${Math.round(calls.longest)} ms`,
    ...notes,
    ...(handshakes === undefined ? [] : [`their handshakes alone: ${seconds(handshakes)} s`]),
    ...(fault.bounds.slowed === undefined ? [] : [`99 of 100 calls: ${slowedOf(measured)}`]),
    `seen: ${words.length === 0 ? 'nothing' : words.join(', ')}`,
  ]
    .map((line) => `      ${line}`)
    .join('\n');
}

/** Median and worst of some times. */
export function timesOf({ count, median, worst }: Spread): string {
  return count === 0 ? '–' : `${seconds(median)} / ${seconds(worst)} s`;
}

/** What 99 of 100 calls took at most, before and in each phase. */
export function slowedOf({ calls: { p99 } }: SceneResult['measured']): string {
  const phases = [['before', p99.before] as const, ...Object.entries(p99.phases)];
  return phases.map(([name, ms]) => `${ms.toFixed(1)} ms ${name}`).join(', ');
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
