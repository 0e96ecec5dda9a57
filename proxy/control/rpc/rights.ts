import { LEVELS, type Level, type Rights } from '../../policy/rules/rights.js';
import { CONTROL_SERVICE } from './contract.js';

/** A right that a call needs: a level, or the right to see bodies, which no level includes. */
export type Right = Exclude<Level, 'none'> | 'tap-bodies';

/** Tells whether the grant holds the right. */
export function holds(grant: Rights, needed: Right): boolean {
  return needed === 'tap-bodies' ? grant.tapBodies : LEVELS.indexOf(grant.level) >= LEVELS.indexOf(needed);
}

/** Lists every right that the grant holds, least first. */
export function heldRights(grant: Rights): readonly Right[] {
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
  DrainReplica: 'operator',
  GetDrain: 'viewer',
  WatchDrain: 'viewer',
  GetServerInfo: 'viewer',
  ExplainAccess: 'viewer',
  GetHistory: 'viewer',
  WatchHistory: 'viewer',
  ListRefusals: 'viewer',
  ListCalls: 'viewer',
  CountReconnects: 'viewer',
  ReloadPolicy: 'admin',
  SetLogLevel: 'admin',
  SetMeetupLogLevel: 'operator',
} as const satisfies Record<string, Right>;

/** The right that calls of each other service need, by the full name of the service. */
const SERVICE_RIGHTS: Readonly<Record<string, Right>> = {
  'grpc.health.v1.Health': 'viewer',
  'grpc.reflection.v1.ServerReflection': 'viewer',
  'grpc.reflection.v1alpha.ServerReflection': 'viewer',
  'grpc.channelz.v1.Channelz': 'admin',
  page: 'viewer',
};

/** The page, as if it were a call: its right is one of those above. */
export const PAGE_CALL = '/page/ViewPage';

/** Returns the right that a call needs, by its path `/package.Service/Method`; undefined when nobody may make the call. */
export function neededRight(path: string): Right | undefined {
  const [, service = '', method = ''] = path.split('/');
  if (service !== CONTROL_SERVICE) return Object.hasOwn(SERVICE_RIGHTS, service) ? SERVICE_RIGHTS[service] : undefined;
  return isControlMethod(method) ? CONTROL_RIGHTS[method] : undefined;
}

function isControlMethod(method: string): method is keyof typeof CONTROL_RIGHTS {
  return Object.hasOwn(CONTROL_RIGHTS, method);
}

/** Beginning of the path of the call by which the edge tells of handshakes that it ended. */
export const EDGE_LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/';

/** The edge checks health, and tells of handshakes, without a certificate, so every process that reaches the socket itself may. */
export function isOpenToTheEdge(path: string): boolean {
  return path.startsWith('/grpc.health.v1.Health/') || path.startsWith(EDGE_LOGS);
}
