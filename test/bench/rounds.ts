import type { Job } from '../../bench/job.js';
import type { Measurement } from '../../bench/window.js';
import { REFERENCE, type Stage } from './stage.js';

/** The same load on the service and on the reference, once for each round. */
export interface Comparison<R> {
  readonly service: readonly R[];
  readonly reference: readonly R[];
}

/** The order of a round: forwards and backwards in turns, A B B A, so that other work of the machine and the warming of caches affect all alike. */
export function inTurn<T>(all: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? all : all.toReversed();
}

/** Runs rounds in turns. */
export async function inTurns(
  stage: Stage,
  service: string,
  rounds: number,
  jobFor: (name: string) => Job,
  tell: (text: string) => void,
): Promise<Comparison<Measurement>> {
  const results = await inAllTurns(stage, [service, REFERENCE], rounds, jobFor, tell);
  return { service: results.get(service) ?? [], reference: results.get(REFERENCE) ?? [] };
}

/** Runs the same load through several upstreams of a stage in turns; returns the results of each. */
export async function inAllTurns(
  stage: Stage,
  names: readonly string[],
  rounds: number,
  jobFor: (name: string) => Job,
  tell: (text: string) => void,
): Promise<ReadonlyMap<string, readonly Measurement[]>> {
  const results = new Map<string, Measurement[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of inTurn(names, round)) {
      tell(`round ${round + 1} of ${rounds}, ${name}`);
      results.get(name)?.push(await stage.run(jobFor(name)));
    }
  }
  return results;
}

/** Ratio of the medians, and the ratio in each round, of one number of the results. */
export interface Ratio {
  readonly ratio: number;
  readonly service: number;
  readonly reference: number;
  readonly rounds: readonly number[];
}

export function ratioOf<R>(compared: Comparison<R>, number: (result: R) => number): Ratio {
  const service = compared.service.map(number);
  const reference = compared.reference.map(number);
  return {
    ratio: median(service) / median(reference),
    service: median(service),
    reference: median(reference),
    rounds: service.map((value, round) => value / (reference[round] ?? Number.NaN)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
