/** What the cutter is told, a JSON text a line on its standard input. Each order is answered by one line. */
export type CutterOrder =
  /** Listens on a port, and leads who dials there to another of this machine. */
  | ({ readonly t: 'open' } & CableEnds & { readonly port: number; readonly target: number })
  /** Refuses whoever dials that end: nobody listens there. Who is connected stays. */
  | { readonly t: 'shut'; readonly to: string }
  /** The processes that dial, by name: who dials a cable with an open end is found out by them. */
  | { readonly t: 'name'; readonly pids: Readonly<Record<string, number>> }
  /** From now on nothing passes between these, and everything between all others. */
  | { readonly t: 'cut'; readonly between: readonly Cut[] };

export interface CableEnds {
  /** Whose end is dialled. */
  readonly to: string;
  /** Who dials; left out: any of those who were named. */
  readonly from?: string;
}

/** Two ends with nothing between them, whichever of them dials; `*` is everybody. */
export type Cut = readonly [one: string, other: string];

export interface CutterWord {
  readonly fault?: string;
}

export function isCut(between: readonly Cut[], one: string, other: string): boolean {
  const fits = (end: string, name: string): boolean => end === '*' || end === name;
  return between.some(([a, b]) => (fits(a, one) && fits(b, other)) || (fits(a, other) && fits(b, one)));
}
