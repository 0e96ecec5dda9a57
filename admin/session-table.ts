import type { Session__Output } from '../proxy/control/generated/micronets/wsproxy/control/v1/Session.js';
import { safe } from '../proxy/wire/safe-text.js';
import { type Column, columns, cutLines } from './output.js';
import { peerNamesText, peersText } from './session-columns.js';

/** Fewest columns that a meetup id is shortened to, and that the peers are shown in. */
const MIN_MEETUP = 12;
const MIN_PEERS = 14;
const BETWEEN = '  '.length;

/**
 * Sessions in a table that fits a terminal: first the meetup, shortened in its middle where there is no room, then the columns given, in whole,
 * then who sits there as far as room is left.
 *
 * @param width columns of the terminal, may be infinite
 */
export function sessionTable(
  sessions: readonly Session__Output[],
  of: readonly Column<Session__Output>[],
  width: number,
): string {
  const taken = widthOf(columns(sessions, of, 'table')) + BETWEEN;
  const longest = Math.max('MEETUP'.length, ...sessions.map(({ meetup_id }) => safe(meetup_id).length));
  const meetupRoom = Math.min(longest, Math.max(width - taken, MIN_MEETUP));
  const peersRoom = width - taken - meetupRoom - BETWEEN;
  const meetup: Column<Session__Output> = {
    title: 'MEETUP',
    plain: ({ meetup_id }) => shortened(safe(meetup_id), meetupRoom),
  };
  const isRoomy = sessions.every((session) => safe(peersText(session)).length <= peersRoom);
  const peers: Column<Session__Output> = { title: 'PEERS', plain: isRoomy ? peersText : peerNamesText };
  const shown = [meetup, ...of, ...(peersRoom >= MIN_PEERS ? [peers] : [])];
  return cutLines(columns(sessions, shown, 'table'), width);
}

/** Takes out of the middle of a text what is too much: it begins with what it belongs to, and ends with what tells it from others. */
export function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.floor((width - 1) / 3);
  const tail = text.slice(text.length - (width - 1 - head));
  return `${text.slice(0, head).replace(/[\ud800-\udbff]$/, '')}…${tail.replace(/^[\udc00-\udfff]/, '')}`;
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}
