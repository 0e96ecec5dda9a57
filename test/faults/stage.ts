import type { ArenaPart } from './arena/arena-part.js';
import { SIDES, type Side } from './judge/history.js';
import type { CrowdProcess } from './peers/crowd-process.js';

/** The files of a stage. */
export interface StageFiles {
  readonly authority: { readonly certificate: string };
  /** Certificates of each side, which its peers share in turn. PEM. */
  readonly credentials: Readonly<Record<Side, readonly { readonly certificate: string; readonly key: string }[]>>;
  path(name: string): string;
}

/** Where faults are played: the proxy, however many processes it is, and two crowds of peers. */
export interface Stage {
  readonly files: StageFiles;
  readonly crowds: Readonly<Record<Side, CrowdProcess>>;
  /** What faults are done to and what is started again. */
  readonly parts: readonly Pick<ArenaPart, 'name' | 'lastWords' | 'takeWrong'>[];
  /** Addresses below which that peer finds its meetup, in the order in which it tries them; the same place on both sides is a pair. */
  urls(side: Side, place: number): readonly string[];
  /** What must not be while so many pairs sit and nothing is on its way: each a line. */
  whileTheySit(pairs: number): Promise<readonly string[]>;
  /** What must not be when all peers have gone. */
  whenTheyHaveGone(): Promise<readonly string[]>;
}

/** Resolves when so many pairs are there; rejects when the signal is aborted before. */
export async function paired(arena: Pick<Stage, 'crowds'>, pairs: number, signal: AbortSignal): Promise<void> {
  await Promise.all(SIDES.map((side) => arena.crowds[side].until((status) => status.paired === pairs, signal)));
}
