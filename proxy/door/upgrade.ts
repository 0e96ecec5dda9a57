import type { IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import type { Door, DoorRefusal } from '../policy/door.js';
import type { AdmissionLimits } from '../policy/limits/admission-limits.js';
import type { Clock } from '../ports/clock.js';
import { leisure } from '../ports/leisure.js';
import type { Newcomer } from '../session/life/admission.js';
import type { Locator } from '../session/life/locator.js';
import type { RefusedUpgrade } from '../session/life/refused-upgrade.js';
import type { Room, Seats } from '../session/life/seats.js';
import type { Accept } from '../transport/accept.js';
import { meetupIdFrom } from '../wire/path.js';
import { bearerOf } from '../x509/identity.js';
import { KnownIdentities } from '../x509/known-identities.js';
import { Candidate } from './candidate.js';
import { faultOfHandshake } from './handshake.js';
import { type HopMarks, hopMarksOf, looksLikeHop } from './hop-marks.js';
import type { OriginRule } from './origin.js';
import { type HandOn, misdirected, Placing } from './placing.js';

export interface UpgradeParts {
  readonly clock: Clock;
  readonly seats: Seats;
  readonly door: Pick<Door, 'judge'>;
  readonly limits: AdmissionLimits;
  /** Knows which replica serves a meetup. */
  readonly locator: Locator;
  /** Hands on what another replica serves; absent where there is none. */
  readonly hops?: HandOn | undefined;
  readonly accept: Accept;
  /** Called with each upgrade that is refused. */
  readonly refused: (upgrade: RefusedUpgrade) => void;
  readonly origins: OriginRule;
  /** Called with a fault of our own; it throws nothing. */
  readonly fault: (error: unknown) => void;
  /** The text before the meetup id in every path. */
  readonly pathPrefix: string;
  /** Most connections at one time, with the undecided ones. */
  readonly maxConnections: number;
}

/** Decides before the 101 who may come in, by flat guard clauses in the order of their cost. */
export class UpgradeEdge {
  readonly #parts: UpgradeParts;
  readonly #identities = new KnownIdentities();
  readonly #connections = new Set<RawSocket>();
  readonly #placing: Placing;
  /** What each connection that is served here gives back. */
  readonly #room: Room;
  /** Hears the end of each connection, which is `this`: a closure for each connection would take memory as long as the connection lives. */
  readonly #ended: (this: RawSocket) => void;

  constructor(parts: UpgradeParts) {
    const { clock, limits, locator, hops } = parts;
    this.#parts = parts;
    const connections = this.#connections;
    this.#ended = function (this: RawSocket) {
      connections.delete(this);
    };
    this.#room = {
      greeted: ({ identity }) => limits.greeted(bearerOf(identity)),
      left: ({ identity, meetupId }, hadGreeted) => {
        limits.left(bearerOf(identity), hadGreeted);
        locator.leave(meetupId);
      },
    };
    // The certificate's room stays taken here while another replica serves the connection: one certificate could otherwise fill this
    // replica by way of all the others.
    const handedOn = ({ identity }: Candidate, status: number, over: Promise<void>): void => {
      const bearer = identity === undefined ? '' : bearerOf(identity);
      const isUpgraded = status === 101;
      if (isUpgraded) limits.handedOn(bearer);
      void over.then(() => (isUpgraded ? limits.handedBack(bearer) : limits.left(bearer, false)));
    };
    this.#placing = new Placing({ clock, locator, hops, handedOn });
  }

  /** The text before the meetup id in every path. */
  get pathPrefix(): string {
    return this.#parts.pathPrefix;
  }

  /** Connections that are open or being decided; one that is handed on to another replica counts twice, for its two descriptors. */
  get open(): number {
    return this.#connections.size + (this.#parts.hops?.open ?? 0);
  }

  /** Waits until every connection is closed, and cuts the others after that time (milliseconds). */
  async close(timeout: number): Promise<void> {
    const connections = this.#connections;
    if (connections.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.clock.after(timeout, () => {
        for (const raw of connections) raw.destroy();
      });
      for (const raw of connections) {
        raw.once('close', () => {
          if (connections.size > 0) return;
          cancel();
          resolve();
        });
      }
    });
  }

  /** Decides one upgrade that came from the edge. A fault is reported and refuses the upgrade; this never rejects. */
  handle(request: IncomingMessage, raw: RawSocket, head: Buffer): Promise<void> {
    return this.#handle(request, raw, head, looksLikeHop(request) ? 'forged' : undefined);
  }

  /** Decides one upgrade that another replica handed on; the same, by the same rules. */
  handleHop(request: IncomingMessage, raw: RawSocket, head: Buffer): Promise<void> {
    return this.#handle(request, raw, head, hopMarksOf(request) ?? 'forged');
  }

  async #handle(
    request: IncomingMessage,
    raw: RawSocket,
    head: Buffer,
    hop: HopMarks | 'forged' | undefined,
  ): Promise<void> {
    this.#connections.add(raw);
    raw.on('close', this.#ended);
    raw.on('error', destroyed);
    // Who gave up while others were decided is no work any more.
    if (await leisure().then(() => raw.destroyed)) return;
    const candidate = new Candidate(request, raw, head, hop === 'forged' ? undefined : hop, this.#parts.refused);
    try {
      if (hop === 'forged') candidate.refuse('request_invalid', 'headers of a hop where there can be none, or too few');
      else await this.#decide(candidate);
    } catch (error) {
      this.#parts.fault(error);
      this.#giveUp(candidate);
    }
  }

  #giveUp(candidate: Candidate): void {
    const { raw, isAnswered } = candidate;
    if (raw.destroyed) return;
    try {
      if (isAnswered) raw.destroy();
      else candidate.refuse('internal_error', 'a fault: the log has it');
    } catch (error) {
      // The refusal failed, too.
      raw.destroy();
      this.#parts.fault(error);
    }
  }

  async #decide(candidate: Candidate): Promise<void> {
    const { clock, door, limits, locator, maxConnections, origins, pathPrefix } = this.#parts;
    const { request, hop } = candidate;

    if (hop !== undefined && hop.owner !== locator.incarnation) return misdirected(candidate, locator.incarnation);

    const fault = faultOfHandshake(request, origins);
    if (fault !== undefined) return candidate.refuse(fault, '');

    const path = meetupIdFrom(request.url ?? '', pathPrefix);
    if ('refused' in path) return candidate.refuse(path.refused, path.detail, { told: path.detail });
    candidate.meetupId = path.ok;

    if (this.open > maxConnections) return candidate.refuse('server_full', `${maxConnections} connections`);

    const reading = this.#identities.read(request.rawHeaders);
    if ('refused' in reading) return candidate.refuse(reading.refused, reading.detail, reading);
    const identity = reading.ok;
    candidate.identity = identity;

    const first = door.judge(identity, path.ok);
    if ('label' in first) {
      if (!this.#isForSitters(candidate, first)) return candidate.refuse(first.label, first.detail, first);
      return this.#askSitters(candidate, { identity, meetupId: path.ok, role: 'any' });
    }

    const bearer = bearerOf(identity);
    const tooMany = limits.admit(bearer, first.limits, clock.steady());
    if (tooMany !== undefined) return candidate.refuse(tooMany.label, tooMany.detail, tooMany);
    let isTaken = false;
    try {
      const placed = this.#placing.place(candidate, path.ok);
      const where = typeof placed === 'string' ? placed : await placed;
      const newcomer = { identity, meetupId: path.ok, role: first.role };
      isTaken = where === 'here' ? await this.#seat(candidate, newcomer) : where === 'handed_on';
    } finally {
      if (!isTaken) limits.left(bearer, false);
    }
  }

  /** Seats an upgrade whose meetup is served here, or says that it goes, once. True where it is seated. */
  async #seat(candidate: Candidate, newcomer: Newcomer): Promise<boolean> {
    let isSeated = false;
    try {
      isSeated = await this.#admit(candidate, newcomer);
    } finally {
      if (!isSeated) this.#parts.locator.leave(newcomer.meetupId);
    }
    return isSeated;
  }

  /** Gives the upgrade its seat and the 101; false where it is refused. */
  async #admit(candidate: Candidate, newcomer: Newcomer): Promise<boolean> {
    const { door, locator, seats, accept } = this.#parts;
    const { identity, meetupId } = newcomer;
    const conflict = await seats.contest(newcomer);
    if (conflict !== undefined) {
      candidate.refuse(conflict, '');
      return false;
    }
    // The contest takes time, and meanwhile the peer may have been revoked or blocked, the replica may drain, or lose the meetup.
    const last = door.judge(identity, meetupId);
    if ('label' in last) {
      if (this.#isForSitters(candidate, last)) misdirected(candidate, locator.incarnation);
      else candidate.refuse(last.label, last.detail, last);
      return false;
    }
    if (!locator.serves(meetupId)) {
      candidate.refuse('unplaced', 'another replica took over the meetup');
      return false;
    }
    const socket = accept(candidate.request, candidate.raw, candidate.head);
    if (socket === undefined) return false;
    candidate.isAnswered = true;
    const { role, limits, rule, wouldDeny } = last;
    const { remote, requestId, traceparent } = candidate.marks;
    const via = candidate.hop?.via;
    const admission = { identity, meetupId, role, limits, rule, wouldDeny, remote, requestId, traceparent, via };
    seats.admit(socket, admission, this.#room);
    return true;
  }

  /** Whether a drain keeps out a client of which another replica asks: that one may take it where nobody sits here. */
  #isForSitters(candidate: Candidate, { label }: DoorRefusal): boolean {
    return candidate.hop !== undefined && label === 'draining';
  }

  /** A replica that drains still speaks for the pairs that it has: who lives keeps the seats, who is dead frees the meetup. */
  async #askSitters(candidate: Candidate, newcomer: Newcomer): Promise<void> {
    const { seats, locator } = this.#parts;
    const conflict = await seats.contest(newcomer);
    if (conflict === undefined || conflict === 'meetups_full') misdirected(candidate, locator.incarnation);
    else candidate.refuse(conflict, '');
  }
}

/** Destroys a connection that has a fault. */
function destroyed(this: RawSocket): void {
  this.destroy();
}
