import type { Identity } from '../wire/identity.js';
import { CONTROL_SERVICE } from './contract.js';

/** How far a certificate may go here; each holds what is before it. */
export type Level = 'none' | 'viewer' | 'operator' | 'admin';

/** A right that a call needs: a level, or the right to see bodies, which no level brings along. */
export type Right = Exclude<Level, 'none'> | 'tap-bodies';

/** What a certificate may do here. */
export interface Grant {
  readonly level: Level;
  /** May see the bodies of messages in a tap. */
  readonly tapBodies: boolean;
  /** The rule of the policy's section `control` that gave it. */
  readonly rule?: string;
}

/** Who has which rights; the policy answers, and a reload may change the answer at any time. */
export interface Rights {
  /** Level `none` for whoever is not named: a peer's certificate has no right here. Throws nothing. */
  rightsOf(identity: Identity): Grant;
}

const LADDER: readonly Level[] = ['none', 'viewer', 'operator', 'admin'];

/** Does the grant hold that right? */
export function holds(grant: Grant, needed: Right): boolean {
  if (needed === 'tap-bodies') return grant.tapBodies;
  return LADDER.indexOf(grant.level) >= LADDER.indexOf(needed);
}

/** Every right that the grant holds, least first. */
export function heldRights(grant: Grant): readonly Right[] {
  return RIGHTS.filter((right) => holds(grant, right));
}

const RIGHTS: readonly Right[] = ['viewer', 'operator', 'admin', 'tap-bodies'];

/** The right that each call of the control service needs. */
export const CONTROL_RIGHTS = {
  ListSessions: 'viewer',
  GetSession: 'viewer',
  WatchSessions: 'viewer',
  KickSession: 'operator',
  TapSession: 'operator',
  BlockPeer: 'operator',
  UnblockPeer: 'operator',
  ListBlocks: 'viewer',
  DrainReplica: 'admin',
  GetDrain: 'viewer',
  WatchDrain: 'viewer',
  GetServerInfo: 'viewer',
  ExplainAccess: 'viewer',
  ReloadPolicy: 'admin',
  SetLogLevel: 'admin',
} as const satisfies Record<string, Right>;

/** The same for what other services need, by the full name of the service. */
const SERVICE_RIGHTS: Readonly<Record<string, Right>> = {
  'grpc.health.v1.Health': 'viewer',
  'grpc.reflection.v1.ServerReflection': 'viewer',
  'grpc.reflection.v1alpha.ServerReflection': 'viewer',
  'grpc.channelz.v1.Channelz': 'admin',
};

/** The right that a call needs, by its path `/package.Service/Method`; undefined: nobody may call it. */
export function neededRight(path: string): Right | undefined {
  const [, service = '', method = ''] = path.split('/');
  if (service !== CONTROL_SERVICE) return Object.hasOwn(SERVICE_RIGHTS, service) ? SERVICE_RIGHTS[service] : undefined;
  return isControlMethod(method) ? CONTROL_RIGHTS[method] : undefined;
}

function isControlMethod(method: string): method is keyof typeof CONTROL_RIGHTS {
  return Object.hasOwn(CONTROL_RIGHTS, method);
}

/** Health may be asked without a certificate by whoever reaches the socket itself: the edge's own health check. */
export function isOpenToTheEdge(path: string): boolean {
  return path.startsWith('/grpc.health.v1.Health/');
}
