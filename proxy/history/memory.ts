import type { Clock } from '../ports/clock.js';
import type { RefusedUpgrade } from '../session/life/refused-upgrade.js';
import type { EventReader } from '../session/views/events.js';
import type { PeerView, SessionView } from '../session/views/view.js';
import type { Ending } from '../wire/close.js';
import type { Identity } from '../x509/identity.js';
import { Followers } from './followers.js';
import type { MeetupRecord } from './meetup-record.js';
import type { KeptCall, Refusal, Visit } from './records.js';
import { cut, visitOf } from './records-made.js';
import { Shelf } from './shelf.js';

/** Most refusals among which the same one is looked for. */
const REPEATS_AMONG = 16;

/** Part of the bound for meetups that nobody has entered: who is refused everywhere pushes out nothing of the others. */
const STRANGERS_PART = 1 / 4;

/** Places of refusals that belong to no meetup; no meetup id begins with a slash. */
const NO_PLACE = '/';
const HANDSHAKES = '/tls';
const NAMELESS = '/tls without a certificate';

/** A handshake that the edge ended. */
export type RefusedHandshake = Pick<Refusal, 'detail' | 'target' | 'subject' | 'fingerprint' | 'remote'> & {
  /** Milliseconds since the epoch. */
  readonly at: number;
};

/**
 * What happened at each meetup: who came, was refused, met and went, and how its calls ended. It is bounded in bytes, and fairly shared.
 * Here it reads the events of the core; `call-keeper.ts` brings the calls.
 */
export class Memory implements EventReader {
  /** When it began, milliseconds since the epoch. */
  readonly since: number;
  readonly meetups: Shelf;
  readonly strangers: Shelf;
  readonly refusalFollowers = new Followers<Refusal>();
  readonly callFollowers = new Followers<KeptCall>();
  readonly visitFollowers = new Followers<Visit>();
  /** Handshakes that an edge has told of; undefined while none has. */
  toldByEdge: number | undefined;
  readonly #clock: Clock;
  #sequence = 0;

  /** @param bound most bytes of all records together */
  constructor(clock: Clock, bound: number) {
    this.#clock = clock;
    this.since = clock.now();
    this.strangers = new Shelf(bound * STRANGERS_PART);
    this.meetups = new Shelf(bound * (1 - STRANGERS_PART));
  }

  admitted(view: PeerView): void {
    const { meetupId } = view;
    const known = this.strangers.take(meetupId);
    if (known !== undefined) this.meetups.put(known);
    const record = this.meetups.open(meetupId, this.#clock.now());
    const visit = visitOf(this.next(), view);
    record.enter(visit);
    this.meetups.settle(record);
    this.visitFollowers.tell(visit);
  }

  seated(view: PeerView, session: SessionView): void {
    this.#change(view, (visit) => {
      visit.session = session.uid;
      visit.peerClass = cut(view.peerClass);
      visit.peerId = cut(view.peerId);
    });
  }

  paired({ meetupId, peers, pairedAt }: SessionView): void {
    const record = this.meetups.of(meetupId);
    if (record !== undefined) record.met += 1;
    for (const peer of peers) {
      const visit = this.#change(peer, (one) => {
        one.met = pairedAt ?? this.#clock.now();
      });
      if (visit !== undefined) this.visitFollowers.tell(visit);
    }
  }

  ended(view: PeerView, { label, text }: Ending): void {
    const record = this.meetups.open(view.meetupId, this.#clock.now());
    // The record may have been forgotten while the peer was here.
    if (!record.present.has(view.uid)) this.admitted(view);
    const visit = record.present.get(view.uid);
    record.leave(view.uid, (one) => {
      one.went = this.#clock.now();
      one.label = label;
      one.text = cut(text);
    });
    record.endings[label] = (record.endings[label] ?? 0) + 1;
    this.meetups.settle(record);
    if (visit !== undefined) this.visitFollowers.tell(visit);
  }

  refused({ refusal, detail, target, identity, meetupId = '', remote }: RefusedUpgrade): void {
    const { label, status } = refusal;
    const { subject = '', fingerprint = '' } = identity ?? {};
    const now = this.#clock.now();
    const made = { label, status, detail: cut(detail), meetupId, target: cut(target), identity, subject, fingerprint };
    const place = meetupId === '' ? NO_PLACE : meetupId;
    this.#refuse(place, { sequence: this.next(), ...made, remote: cut(remote), times: 1, first: now, last: now });
  }

  /** The edge says that it has ended a handshake. What the client claimed nobody has verified. */
  handshakeRefused({ at, detail, target, subject, fingerprint, remote }: RefusedHandshake): void {
    this.toldByEdge = this.#clock.now();
    const told = { detail: cut(detail), target: cut(target), subject: cut(subject), fingerprint, remote: cut(remote) };
    const made = { label: 'tls_handshake', status: 0, meetupId: '', identity: undefined, ...told } as const;
    const place = subject === '' && fingerprint === '' ? NAMELESS : HANDSHAKES;
    this.#refuse(place, { sequence: this.next(), ...made, times: 1, first: at, last: at });
  }

  /** The record of a meetup, whoever was there. */
  of(meetupId: string): MeetupRecord | undefined {
    return this.meetups.of(meetupId) ?? this.strangers.of(meetupId);
  }

  /** Who was refused at this meetup, by `handshakesOf` too; oldest first. */
  refusalsOf(record: MeetupRecord): readonly Refusal[] {
    return [...record.refusals.items, ...this.handshakesOf(record)].toSorted((a, b) => a.last - b.last);
  }

  /** Handshakes whose client claimed a certificate, or the subject of one, that was at this meetup or refused there; oldest first. */
  handshakesOf({ identities }: MeetupRecord): readonly Refusal[] {
    const fingerprints = new Set(identities.map(({ fingerprint }) => fingerprint));
    const subjects = new Set(identities.map(({ subject }) => subject).filter((subject) => subject !== ''));
    const all = this.strangers.of(HANDSHAKES)?.refusals.items ?? [];
    return all.filter(({ fingerprint, subject }) => fingerprints.has(fingerprint) || subjects.has(subject));
  }

  /** The verified certificates that are remembered and fit, each once. */
  identities(fits: (identity: Identity) => boolean): readonly Identity[] {
    const found = new Map<string, Identity>();
    for (const { identities } of this.records()) {
      for (const identity of identities) if (fits(identity)) found.set(identity.fingerprint, identity);
    }
    return [...found.values()];
  }

  /** Every record, those of refusals without a meetup too. */
  *records(): Iterable<MeetupRecord> {
    yield* this.meetups.records;
    yield* this.strangers.records;
  }

  #refuse(place: string, refusal: Refusal): void {
    const shelf = this.meetups.of(place) === undefined ? this.strangers : this.meetups;
    const record = shelf.open(place, this.#clock.now());
    record.refusals.seen += 1;
    const same = record.refusals.recent(REPEATS_AMONG, (one) => isSame(one, refusal));
    if (same === undefined) {
      const { identity } = refusal;
      record.refusals.add(identity === undefined ? refusal : { ...refusal, identity: record.hold(identity) });
    } else {
      record.repeat(same, (one) => {
        one.times += 1;
        one.last = refusal.last;
        one.detail = refusal.detail;
        one.remote = refusal.remote;
      });
    }
    shelf.settle(record);
    this.refusalFollowers.tell(refusal);
  }

  #change(view: PeerView, change: (visit: Visit) => void): Visit | undefined {
    const visit = this.meetups.of(view.meetupId)?.present.get(view.uid);
    if (visit !== undefined) change(visit);
    return visit;
  }

  /** The number of the next record. */
  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}

function isSame(one: Refusal, other: Refusal): boolean {
  if (one.label !== other.label || one.fingerprint !== other.fingerprint || one.subject !== other.subject) return false;
  return one.target === other.target && (one.fingerprint !== '' || one.remote === other.remote);
}
