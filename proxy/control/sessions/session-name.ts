import type { Overview, SessionLook } from '../../session/views/overview.js';
import { badField, notFound } from '../rpc/fault.js';

/** Longest resource name that is read, characters. */
const MAX_NAME_CHARS = 128;

/** Reads the id in a resource name `collection/{id}`. Throws Fault when the field does not have that form. */
export function idIn(name: string, collection: string): string {
  const id = name.startsWith(`${collection}/`) ? name.slice(collection.length + 1) : '';
  if (id === '' || id.includes('/') || name.length > MAX_NAME_CHARS) {
    throw badField('name', `must be ${collection}/{uid}`);
  }
  return id;
}

/** Finds the live session that a request names. Throws Fault. */
export function sessionNamed(overview: Overview, name: string): SessionLook {
  const session = overview.session(idIn(name, 'sessions'));
  if (session !== undefined) return session;
  throw notFound('Session', name, 'no live session has this name here: it has finished, or another replica serves it');
}
