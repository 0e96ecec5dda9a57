/** The times of the fleet, milliseconds. All are measured on each replica's own steady clock; no two clocks are compared. */
export interface ClusterTimes {
  /** Between two renewals of a replica's own record. */
  readonly renew: number;
  /** Age of the last renewal, counted from when it was sent, from which on a replica makes no pair. */
  readonly self: number;
  /** Time without a renewal after which others may declare a replica dead. */
  readonly dead: number;
  /** For the connection of a hop. */
  readonly hopDial: number;
  /** For the owner's answer to a hop. */
  readonly hopAnswer: number;
  /** For finding a newcomer's place, all attempts together. */
  readonly placing: number;
}

/** Time for one answer of the store, after which it counts as unknown. */
export const STORE_ANSWER = 1_500;

/** Between two looks at the clock, which find that the process was stopped or that its renewals are overdue. */
export const LOOK = 200;

/** Time for which reading stays held after the process was stopped, where the store does not answer. */
export const HOLD = 2_000;

/** Between two searches for claims that are half as old as the store lets them get; those are written again. */
export const REFRESH = 3_600_000;

/**
 * What is wrong with the times, or undefined: each relation is one that the ownership protocol rests on. That the placing ends before the edge
 * tries another replica is in the table of options.
 *
 * @param probe time that a sitting peer has to answer when its seat is contested, milliseconds
 */
export function faultOfTimes(times: ClusterTimes, probe: number): string | undefined {
  const { renew, self, dead, hopDial, hopAnswer, placing } = times;
  // A single renewal that gets lost must detach nobody.
  if (renew + STORE_ANSWER > self) return told('cluster-self', self, 'at least', renew + STORE_ANSWER, RENEWAL_LOST);
  // A replica that runs must know that it may count as dead before it does.
  if (self + renew >= dead)
    return told('cluster-dead', dead, 'above', self + renew, '--cluster-self and --cluster-renew together');
  // An owner may ask sitting peers before it answers a hop.
  if (probe >= hopAnswer) return told('hop-answer', hopAnswer, 'above', probe, '--probe-timeout');
  if (hopDial + hopAnswer > placing) return told('placing', placing, 'at least', hopDial + hopAnswer, HOP);
  return undefined;
}

const RENEWAL_LOST = '--cluster-renew and the 1.5s for an answer of NATS';
const HOP = '--hop-dial and --hop-answer together';

function told(option: string, is: number, relation: string, bound: number, what: string): string {
  return `--${option} is ${is / 1000}s: it must be ${relation} ${bound / 1000}s, which is ${what}`;
}
