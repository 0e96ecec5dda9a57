import type { Arena } from './arena/arena.js';
import type { Side } from './judge/history.js';
import type { SeatWorld } from './peers/seat.js';
import type { Fault } from './table/fault.js';

const REDIAL_MS = 2_000;
const PADDING_CHARS = 4_000;
/** Longest time that a peer takes for an answer: some calls are in flight at every moment. */
const ANSWER_MS = 20;

/** What the peers of one side share in an arena. */
export function worldIn(
  arena: Arena,
  side: Side,
  { redialMs = REDIAL_MS, paddingChars = PADDING_CHARS, answerMs = ANSWER_MS }: Partial<Fault>,
): SeatWorld {
  const credentials = arena.files.credentials[side].map(({ certificate, key }) => ({ certificate, key }));
  const ca = arena.files.authority.certificate;
  return { url: arena.url(side), servername: 'localhost', ca, credentials, redialMs, answerMs, paddingChars };
}
