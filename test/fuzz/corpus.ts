import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../support/sources.js';

/** Inputs that are committed, by target: valid ones to start from, and each that once showed a fault. */
const SEEDS = join(ROOT, 'test/fuzz/corpus');
/** Below it lie what earlier runs on this machine found to do something new, and what failed; git-ignored. */
export const KEPT = join(ROOT, '.fuzz');

/** Inputs of one target that are kept: beyond it a run would do nothing but repeat them. */
export const MAX_INPUTS = 2_000;

export function seedsOf(target: string): readonly Buffer[] {
  return inputsIn(join(SEEDS, target));
}

/** The inputs that have grown below that folder. */
export function grownOf(target: string, kept: string): readonly Buffer[] {
  return inputsIn(join(kept, 'corpus', target)).slice(0, MAX_INPUTS);
}

export function keepGrown(target: string, kept: string, input: Buffer): void {
  write(join(kept, 'corpus', target), input);
}

/** Keeps a failing input; returns its path from the project's folder. */
export function keepFailed(target: string, kept: string, input: Buffer): string {
  return relative(ROOT, write(join(kept, 'failed', target), input));
}

function inputsIn(folder: string): Buffer[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}

function write(folder: string, input: Buffer): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16));
  writeFileSync(path, input);
  return path;
}
