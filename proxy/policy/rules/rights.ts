import type { Identity } from '../../x509/identity.js';

/** The levels of rights in the control API; each level includes the levels before it. */
export const LEVELS = ['none', 'viewer', 'operator', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

export interface Rights {
  /** viewer: list and watch. operator: kick, block and drain too. admin: everything. */
  readonly level: Level;
  /** Whether a tap may show message bodies: a right of its own, which no level includes. */
  readonly tapBodies: boolean;
  /** The rule of the policy's `control` section that gave the rights. */
  readonly rule?: string;
}

/** The rights that the control API asks for; a reload swaps the rules behind them. */
export interface ControlRights {
  rightsOf(identity: Identity): Rights;
}

export const NO_RIGHTS: Rights = { level: 'none', tapBodies: false };
