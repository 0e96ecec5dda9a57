import type { IncomingMessage } from 'node:http';
import type { Socket as RawSocket } from 'node:net';
import type { Door } from '../policy/door.js';
import type { AdmissionLimits } from '../policy/limits/admission-limits.js';
import type { Clock } from '../ports/clock.js';
import type { Newcomer } from '../session/life/admission.js';
import type { RefusedUpgrade } from '../session/life/refused-upgrade.js';
import type { Seats } from '../session/life/seats.js';
import type { Accept } from '../transport/accept.js';
import { type RefusalLabel, refusal } from '../wire/close.js';
import { meetupIdFrom } from '../wire/path.js';
import type { Identity } from '../x509/identity.js';
import { KnownIdentities } from '../x509/known-identities.js';
import { faultOfHandshake, markOf, remoteOf } from './handshake.js';
import type { OriginRule } from './origin.js';
import { refuseUpgrade } from './refuse.js';

export interface UpgradeParts {
  readonly clock: Clock;
  readonly seats: Seats;
  readonly door: Pick<Door, 'judge'>;
  readonly limits: AdmissionLimits;
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

/** Longest request target that is reported, in characters. */
const MAX_TARGET_CHARS = 1024;

/** Decides before the 101 who may come in, by flat guard clauses in the order of their cost. */
export class UpgradeEdge {
  readonly #parts: UpgradeParts;
  readonly #identities = new KnownIdentities();
  readonly #connections = new Set<RawSocket>();
  /** Hears the end of each connection, which is `this`: a closure for each connection would take memory as long as the connection lives. */
  readonly #ended: (this: RawSocket) => void;

  constructor(parts: UpgradeParts) {
    this.#parts = parts;
    const connections = this.#connections;
    this.#ended = function (this: RawSocket) {
      connections.delete(this);
    };
  }

  /** The text before the meetup id in every path. */
  get pathPrefix(): string {
    return this.#parts.pathPrefix;
  }

  /** Connections that are open or being decided. */
  get open(): number {
    return this.#connections.size;
  }

  /** Waits until every connection is closed, and cuts the others after that time (milliseconds). */
  async close(timeout: number): Promise<void> {
    const { clock } = this.#parts;
    if (this.open === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(timeout, () => {
        for (const raw of this.#connections) raw.destroy();
      });
      for (const raw of this.#connections) {
        raw.once('close', () => {
          if (this.open > 0) return;
          cancel();
          resolve();
        });
      }
    });
  }

  /** Decides one upgrade, for the `upgrade` event of the HTTP server. A fault is reported and refuses the upgrade; this never rejects. */
  async handle(request: IncomingMessage, raw: RawSocket, head: Buffer): Promise<void> {
    this.#connections.add(raw);
    raw.on('close', this.#ended);
    raw.on('error', destroyed);
    const candidate = new Candidate(request, raw, this.#parts.refused);
    try {
      await this.#decide(candidate, head);
    } catch (error) {
      this.#parts.fault(error);
      this.#giveUp(candidate);
    }
  }

  #giveUp(candidate: Candidate): void {
    const { raw, isUpgraded } = candidate;
    if (raw.destroyed) return;
    try {
      if (isUpgraded) raw.destroy();
      else candidate.refuse('internal_error', 'a fault: the log has it');
    } catch (error) {
      // The refusal failed, too.
      raw.destroy();
      this.#parts.fault(error);
    }
  }

  async #decide(candidate: Candidate, head: Buffer): Promise<void> {
    const { clock, door, limits, maxConnections, origins, pathPrefix } = this.#parts;
    const { request } = candidate;

    const fault = faultOfHandshake(request, origins);
    if (fault !== undefined) return candidate.refuse(fault, '');

    const path = meetupIdFrom(request.url ?? '', pathPrefix);
    if ('refused' in path) return candidate.refuse(path.refused, path.detail, { told: path.detail });
    candidate.meetupId = path.ok;

    if (this.open > maxConnections) return candidate.refuse('server_full', `${maxConnections} connections`);

    const reading = this.#identities.read(request.rawHeaders);
    if ('refused' in reading) return candidate.refuse(reading.refused, reading.detail);
    const identity = reading.ok;
    candidate.identity = identity;

    const first = door.judge(identity, path.ok);
    if ('label' in first) return candidate.refuse(first.label, first.detail, first);

    const tooMany = limits.admit(identity, first.limits, clock.steady());
    if (tooMany !== undefined) return candidate.refuse(tooMany.label, tooMany.detail, tooMany);
    let isAdmitted = false;
    try {
      isAdmitted = await this.#admit(candidate, head, { identity, meetupId: path.ok, role: first.role });
    } finally {
      if (!isAdmitted) limits.left(identity.fingerprint, false);
    }
  }

  /** Gives the upgrade its seat and the 101; false when it was refused. */
  async #admit(candidate: Candidate, head: Buffer, newcomer: Newcomer): Promise<boolean> {
    const { door, seats, accept, limits: room } = this.#parts;
    const { identity, meetupId } = newcomer;
    const conflict = await seats.contest(newcomer);
    if (conflict !== undefined) {
      candidate.refuse(conflict, '');
      return false;
    }
    // The contest takes time, and meanwhile the peer may have been revoked or blocked, or the replica may drain.
    const last = door.judge(identity, meetupId);
    if ('label' in last) {
      candidate.refuse(last.label, last.detail, last);
      return false;
    }
    const socket = accept(candidate.request, candidate.raw, head);
    if (socket === undefined) return false;
    candidate.isUpgraded = true;
    const { role, limits, rule, wouldDeny } = last;
    const audited = wouldDeny === undefined ? {} : { wouldDeny };
    seats.admit(socket, { identity, meetupId, role, limits, rule, ...audited, ...candidate.marks }, room);
    return true;
  }
}

/** Destroys a connection that has a fault. */
function destroyed(this: RawSocket): void {
  this.destroy();
}

/** One upgrade that is being decided, with the facts that are known so far. */
class Candidate {
  readonly request: IncomingMessage;
  readonly raw: RawSocket;
  readonly marks: { readonly remote: string; readonly requestId: string; readonly traceparent: string };
  identity: Identity | undefined;
  meetupId: string | undefined;
  /** True once the 101 is out: from then on no HTTP answer is possible. */
  isUpgraded = false;
  readonly #refused: UpgradeParts['refused'];

  constructor(request: IncomingMessage, raw: RawSocket, refused: UpgradeParts['refused']) {
    this.request = request;
    this.raw = raw;
    this.#refused = refused;
    this.marks = {
      remote: remoteOf(request),
      requestId: markOf(request, 'x-request-id'),
      traceparent: markOf(request, 'traceparent'),
    };
  }

  /** `detail` is for operators; only `told` reaches the client, so that nobody learns the policy by trying. */
  refuse(label: RefusalLabel, detail: string, more: { told?: string; retryAfter?: number } = {}): void {
    const told = refusal(label, more.told, more.retryAfter);
    refuseUpgrade(this.raw, told);
    const { remote, requestId } = this.marks;
    const upgrade: RefusedUpgrade = {
      refusal: told,
      detail,
      target: (this.request.url ?? '').slice(0, MAX_TARGET_CHARS),
      remote,
      requestId,
      ...(this.identity === undefined ? {} : { identity: this.identity }),
      ...(this.meetupId === undefined ? {} : { meetupId: this.meetupId }),
    };
    this.#refused(upgrade);
  }
}
