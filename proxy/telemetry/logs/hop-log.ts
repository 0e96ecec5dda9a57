import type { HopEvidence, Owner } from '../../session/life/locator.js';
import { clean } from '../../wire/safe-text.js';
import type { MeetupLevels } from './meetup-levels.js';

/** Writes a line for each connection that is handed on to another replica, and for what keeps one from it. */
export class HopLog {
  readonly #levels: MeetupLevels;

  constructor(levels: MeetupLevels) {
    this.#levels = levels;
  }

  /** @param status HTTP status of the other replica's answer: 101 where it accepted the peer */
  answered(meetupId: string, requestId: string, { replica, incarnation }: Owner, status: number): void {
    const to = { replica: clean(replica), incarnation: clean(incarnation), status };
    this.#levels.of(meetupId).info({ meetup: clean(meetupId), request_id: clean(requestId), ...to }, 'handed on');
  }

  failed({ replica, incarnation, address }: Owner, fault: HopEvidence['fault'], detail: string): void {
    const to = { replica: clean(replica), incarnation: clean(incarnation), address: clean(address) };
    this.#levels
      .of('')
      .warn({ ...to, fault, detail: clean(detail) }, 'a replica does not take what is handed on to it');
  }
}
