/** How a fleet differs from the usual one. */
export interface FleetPlan {
  /** Further options of every replica. */
  readonly flags?: readonly string[];
  /** Both Envoys lead a meetup to one replica, as they do in the field: nobody is split on purpose. */
  readonly isHashed?: true;
}

/** The replicas that run from the beginning, and one that may come. */
export const REPLICAS = ['r1', 'r2', 'r3'] as const;
export const SPARE = 'r4';
export const EDGES = ['a', 'b'] as const;

export type ReplicaName = (typeof REPLICAS)[number] | typeof SPARE;
export type EdgeName = (typeof EDGES)[number];

/** The name of NATS as an end of a cable. */
export const NATS = 'nats';

/**
 * The replica after this one. The second Envoy has each one's sockets under the name of the one before, so that a meetup leads to one
 * replica through the first Envoy and to another through the second: pairs are split on purpose.
 */
export function next<T>(one: T, all: readonly T[]): T {
  return all[(all.indexOf(one) + 1) % all.length] ?? one;
}
