/** What a replica counts of its part in the fleet, since its start. */
export class ClusterCounts {
  /** Free meetups taken. */
  taken = 0;
  /** Meetups taken over from a replica that was declared dead. */
  takenOver = 0;
  /** Meetups given back. */
  released = 0;
  /** Claims written anew after a new incarnation. */
  asserted = 0;
  /** Meetups found with another replica when they were asserted: their peers were ended. */
  deposed = 0;
  /** Claims refused by the store because another had come first. */
  conflicts = 0;
  /** Replicas that this one declared dead. */
  declared = 0;
  /** Incarnations after the first, by why the one before it ended. */
  readonly reincarnated = { declared_dead: 0, store_lost: 0 };
  /** Times that reading was held because the process had been stopped. */
  holds = 0;
  /** Time spent detached, before the present detaching, milliseconds. */
  detachedTime = 0;
}
