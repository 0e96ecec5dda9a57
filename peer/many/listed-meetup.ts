import type { State } from '../state.js';
import type { MeetupState } from './meetup-state.js';

/** A meetup as the list of a bridge shows it. */
export interface ListedMeetup {
  /** The meetup id. */
  readonly id: string;
  /** `opening`: calls wait for the other peer; `open`: there are calls; `idle`: there are none; `closing`; `refused`: the proxy does not want this bridge there. */
  readonly state: 'opening' | 'open' | 'idle' | 'closing' | 'refused';
  /** Since when it is in that state, RFC 3339. */
  readonly since: string;
  /** Calls at this moment, those that wait included. */
  readonly calls: number;
  /** Where its connection is: `connecting`, `waiting` for the other peer, `paired`, `backing_off` or `stopped`. */
  readonly connection: State['kind'];
  /** Why the proxy refuses it, or why there is no connection at this moment; left out where nothing is wrong. */
  readonly trouble?: { readonly label: string; readonly message: string };
}

/** What the list shows of a meetup that is not gone. */
export function listedMeetup(
  id: string,
  state: Exclude<MeetupState, { readonly kind: 'gone' }>,
  connection: State,
): ListedMeetup {
  const { kind, since } = state;
  const why = kind === 'refused' ? state.why : connection.kind === 'backing_off' ? connection.why : undefined;
  return {
    id,
    state: kind,
    since: new Date(since).toISOString(),
    calls: 'calls' in state ? state.calls : 0,
    connection: connection.kind,
    ...(why === undefined ? {} : { trouble: { label: why.reason, message: why.message } }),
  };
}
