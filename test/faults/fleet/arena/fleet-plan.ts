/** How a fleet differs from the usual one. */
export interface FleetPlan {
  /** Further options of every replica. */
  readonly flags?: readonly string[];
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
 * The replica whose sockets an Envoy has under that name. The second Envoy takes each for the next one, so that a meetup leads to one
 * replica through the first Envoy and to another through the second: pairs are split on purpose.
 */
export function behind(edge: EdgeName, name: ReplicaName, all: readonly ReplicaName[]): ReplicaName {
  const turned = edge === 'a' ? 0 : 1;
  return all[(all.indexOf(name) + turned) % all.length] ?? name;
}
