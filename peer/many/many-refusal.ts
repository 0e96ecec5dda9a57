import type { BridgeRefusal } from '../bridge-refusal.js';
import type { Setback } from '../setback.js';
import type { State } from '../state.js';

/** A call that a bridge for many refuses, with its answer. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
  readonly refusal: BridgeRefusal;

  constructor(refusal: BridgeRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** The request names no meetup, or none that can be. */
export function meetupInvalid(message: string): BridgeRefusal {
  return { status: 400, reason: 'meetup_invalid', message };
}

/** The table of meetups is full. */
export function tooManyMeetups(max: number): BridgeRefusal {
  const message = `${max} meetups are open already, the most that may be; one is closed when nobody calls it for a time`;
  return { status: 503, reason: 'too_many_meetups', message, retryAfter: 1 };
}

/** The proxy does not want this bridge at the meetup: another try would end in the same way. */
export function meetupRefused({ reason: label, message }: Setback): BridgeRefusal {
  return { status: 502, reason: 'meetup_refused', message: `not connected: ${message} (${label})`, label };
}

/** The other peer did not come. `time` in milliseconds. */
export function pairLate(time: number, state: State): BridgeRefusal {
  const within = `within ${time / 1000} s`;
  const late: BridgeRefusal = { status: 504, reason: 'pair_late', message: `the other peer was not there ${within}` };
  if (state.kind !== 'backing_off') return late;
  const { reason: label, message } = state.why;
  return { ...late, message: `there was no connection ${within}: ${message} (${label})`, label };
}
