import type { Trouble, TroubleList } from '../../page/answer-past.js';
import type { Memory } from '../history/memory.js';
import { newestOf } from '../history/newest.js';
import type { Refusal, Visit } from '../history/records.js';
import { leisure } from '../ports/leisure.js';
import { type EndingLabel, endings } from '../wire/close.js';
import { explained } from './advice.js';
import type { Question } from './question.js';

/** Most refusals, and most endings, in an answer. */
const SHOWN_TROUBLES = 100;
/** Endings that are no trouble: a peer's own wish, and the consequence of the other peer's end. */
const ORDINARY: ReadonlySet<EndingLabel> = new Set(['closed_by_peer', 'peer_disconnected']);

const HANDSHAKE = {
  meaning: 'Envoy ended the TLS handshake; what the client claimed to be nobody has verified.',
  advice: 'Look at the detail: the certificate is revoked, out of its time, of another CA, or missing.',
};

type TroubleQuestion = Pick<Question, 'troubles' | 'kind' | 'from' | 'to'>;

/**
 * The newest refusals and endings that fit, newest first. A refusal that happened again and again is one.
 * @param isGone whether nobody waits for them any more: the search then ends early
 */
export async function troubleList(
  memory: Memory | undefined,
  question: TroubleQuestion,
  isGone?: () => boolean,
): Promise<TroubleList> {
  if (memory === undefined) return { items: [], refused: 0, ended: 0, since: null, toldByEdge: null };
  const { troubles: text, kind, from, to } = question;
  const isWithin = (at: number): boolean => at >= from && (to === 0 || at <= to);
  const counts = { refused: 0, ended: 0 };
  const has = (one: () => Trouble): boolean => text === '' || textOf(one()).includes(text);
  const refused = await newestOf<Refusal>(memory, {
    lists: ({ refusals }) => (kind === 'ended' ? [] : [refusals]),
    fits: (one) => {
      if (!isWithin(one.last) || !has(() => refusalView(one))) return false;
      counts.refused += one.times;
      return true;
    },
    at: ({ last }) => last,
    most: SHOWN_TROUBLES,
    pause: leisure,
    isGone,
  });
  const ended = await newestOf<Visit>(memory, {
    lists: ({ past }) => (kind === 'refused' ? [] : [past]),
    fits: (one) => {
      if (one.label === undefined || ORDINARY.has(one.label)) return false;
      if (!isWithin(one.went ?? 0) || !has(() => endingView(one))) return false;
      counts.ended += 1;
      return true;
    },
    at: ({ went = 0 }) => went,
    most: SHOWN_TROUBLES,
    pause: leisure,
    isGone,
  });
  const items = [...refused.items.map(refusalView), ...ended.items.map(endingView)].sort((a, b) => b.at - a.at);
  return { items, ...counts, since: memory.since, toldByEdge: memory.toldByEdge ?? null };
}

/** What a search looks at; the page says so, in the words of `searched` in page/troubles.ts. */
function textOf({ label, code, detail, meetupId, target, subject, fingerprint, peerId, remote }: Trouble): string {
  return [label, code, detail, meetupId, target, subject, fingerprint, peerId, remote].join(' ').toLowerCase();
}

/** Shows a refusal as a row of the list. One in Envoy’s handshake has no entry in the close table, and words of its own. */
export function refusalView(refusal: Refusal): Trouble {
  const { label, status, detail, target, meetupId, subject, fingerprint, remote, times, first, last, identity } =
    refusal;
  const why = label === 'tls_handshake' ? HANDSHAKE : explained(label);
  return {
    ...{ kind: 'refused', at: last, first, times, label, code: status, ...why, detail, meetupId, target },
    ...{ subject, isVerified: identity !== undefined, fingerprint, peerId: '', remote },
  };
}

/** Shows the end of a connection as a row of the list; one whose cause nobody told was lost. */
function endingView(visit: Visit): Trouble {
  const { label = 'connection_lost', text, meetupId, identity, peerId, remote, went: at = 0 } = visit;
  const { subject, fingerprint } = identity;
  return {
    ...{ kind: 'ended', at, first: at, times: 1, label, code: endings[label].code, ...explained(label), detail: text },
    ...{ meetupId, target: '', subject, isVerified: true, fingerprint, peerId, remote },
  };
}
