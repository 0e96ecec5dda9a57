import type { Spread } from './judge/measure.js';
import type { SceneResult } from './scene.js';

/** What a fault did, in a few lines for whoever watches. */
export function printed({ measured }: SceneResult): string {
  const { seen, recovery, told, calls, pairs, messages } = measured;
  const words = Object.entries(seen).map(([word, count]) => `${count} × ${word}`);
  return [
    `${pairs} pairs, ${messages} messages; ${recovery.count} pairs came back after ${timesOf(recovery)}; told after ${timesOf(told)}`,
    `calls: ${calls.made}, ${calls.ended} without an answer, longest wait ${Math.round(calls.longest)} ms`,
    `seen: ${words.length === 0 ? 'nothing' : words.join(', ')}`,
  ]
    .map((line) => `      ${line}`)
    .join('\n');
}

/** Median and worst of some times. */
export function timesOf({ count, median, worst }: Spread): string {
  return count === 0 ? '–' : `${seconds(median)} / ${seconds(worst)} s`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
