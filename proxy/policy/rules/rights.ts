import type { Identity } from '../../x509/identity.js';

/** What a certificate may do by the control API; each includes those before it. */
export const LEVELS = ['none', 'viewer', 'operator', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

export interface Rights {
  /** viewer: list and watch. operator: kick, block and drain too. admin: everything. */
  readonly level: Level;
  /** May see message bodies in a tap: a right of its own, which no level brings along. */
  readonly tapBodies: boolean;
  /** The rule of the policy’s `control` section that gave them. */
  readonly rule?: string;
}

/** What the control API asks; a reload swaps what is behind it. */
export interface ControlRights {
  rightsOf(identity: Identity): Rights;
}

export const NO_RIGHTS: Rights = { level: 'none', tapBodies: false };

/** True when the level is that one or one that includes it. */
export function reaches(level: Level, wanted: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
}
