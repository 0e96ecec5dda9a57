import type { IncomingMessage } from 'node:http';
import { HOP_FAMILY, HOP_HEADER, OWNER_HEADER } from '../ports/hop-headers.js';

/** Longest name of an incarnation, characters. */
const INCARNATION = /^[\x21-\x7e]{1,256}$/;

/** The marks of an upgrade that another replica handed on. */
export interface HopMarks {
  /** Incarnation of the replica on which the client landed. */
  readonly via: string;
  /** Incarnation of the replica that it wanted to reach. */
  readonly owner: string;
}

/** Reads an incarnation; undefined where there is none, or one that no replica has. */
export function incarnationOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && INCARNATION.test(value) ? value : undefined;
}

/** Reads the marks of a request that came over the hop listener; undefined where they are not both there, once each. */
export function hopMarksOf({ headers }: Pick<IncomingMessage, 'headers'>): HopMarks | undefined {
  const via = incarnationOf(headers[HOP_HEADER]);
  const owner = incarnationOf(headers[OWNER_HEADER]);
  return via === undefined || owner === undefined ? undefined : { via, owner };
}

/** Whether a request has a header that only replicas send: then a client has gone round the edge, or the edge lets it through. */
export function looksLikeHop({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  for (const name in headers) if (name.startsWith(HOP_FAMILY)) return true;
  return false;
}
