import type { Side } from './judge/history.js';
import type { SeatWorld } from './peers/seat.js';
import type { Stage } from './stage.js';
import type { Fault } from './table/fault.js';

const REDIAL_MS = 2_000;
const PADDING_CHARS = 4_000;
/** Longest time that a peer takes for an answer: some calls are in flight at every moment. */
const ANSWER_MS = 20;

/** What the peers of one side share on a stage. */
export function worldIn(
  arena: Stage,
  side: Side,
  {
    redialMs = REDIAL_MS,
    paddingChars = PADDING_CHARS,
    answerMs = ANSWER_MS,
  }: Pick<Fault, 'redialMs' | 'paddingChars' | 'answerMs'>,
): SeatWorld {
  const credentials = arena.files.credentials[side].map(({ certificate, key }) => ({ certificate, key }));
  const ca = arena.files.authority.certificate;
  return {
    url: arena.urls(side, 0)[0] ?? '',
    servername: 'localhost',
    ca,
    credentials,
    redialMs,
    answerMs,
    paddingChars,
  };
}
