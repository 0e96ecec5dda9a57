import { status as Code } from '@grpc/grpc-js';
import { opened, questionMark, sealed } from '../calls/opaque-token.js';
import { badField, Fault } from '../rpc/fault.js';

/** How far a watch of the fleet has told what happens on one replica. */
export interface Standing {
  readonly incarnation: string;
  /** Name of the replica. */
  readonly replica: string;
  /** The replica's own token to go on after; empty while its sessions are not all told. */
  readonly token: string;
}

/** First part of a token of a whole fleet, which no token of one replica begins with. */
const KIND = 'fleet/1';

/** Makes the token of a watch whose filter has that mark; it means the same to every replica. */
export function sealedStandings(mark: string, standings: readonly Standing[]): string {
  const flat = standings.flatMap(({ incarnation, replica, token }) => [incarnation, replica, token]);
  return sealed([KIND, mark, ...flat]);
}

/** Reads such a token. Throws Fault: INVALID_ARGUMENT, or OUT_OF_RANGE for a token of a replica that was alone. */
export function standingsIn(token: string, filter: string): readonly Standing[] {
  const [kind, mark, ...flat] = opened(token) ?? [];
  if (typeof kind !== 'string' || typeof mark !== 'string') {
    throw badField('resume_token', 'is not a resume_token of WatchSessions');
  }
  if (kind !== KIND) {
    throw new Fault(
      Code.OUT_OF_RANGE,
      'RESUME_TOKEN_EXPIRED',
      'resume_token: is of one replica only: start over without it',
    );
  }
  if (mark !== questionMark(filter)) throw badField('resume_token', 'belongs to another filter');
  const standings: Standing[] = [];
  for (let at = 0; at < flat.length; at += 3) {
    const [incarnation, replica, own] = flat.slice(at, at + 3);
    if (typeof incarnation !== 'string' || typeof replica !== 'string' || typeof own !== 'string') {
      throw badField('resume_token', 'is not a resume_token of WatchSessions');
    }
    standings.push({ incarnation, replica, token: own });
  }
  return standings;
}
