import type { Clock } from '../../ports/clock.js';
import type { ControlCalls } from '../rpc/handlers.js';
import type { Roster } from './replica.js';

/** What the calls of the fleet are made of. */
export interface FleetParts {
  /** The calls of this replica, which answer for it alone. */
  readonly own: ControlCalls;
  /** Its name. */
  readonly replica: string;
  /** The replicas that live now, this one first. Never rejects. */
  readonly roster: () => Promise<Roster>;
  /** The same, a second old at most, for those who look again and again. */
  readonly recentRoster: () => Promise<Roster>;
  readonly clock: Clock;
}

/** The replicas beside this one. */
export async function othersIn({ roster }: Pick<FleetParts, 'roster'>): Promise<Roster> {
  const { replicas, unasked } = await roster();
  return { replicas: replicas.filter(({ isSelf }) => !isSelf), unasked };
}
