import type { Clock } from '../../ports/clock.js';
import type { RefusedUpgrade } from '../../session/life/refused-upgrade.js';
import type { EventReader } from '../../session/views/events.js';
import type { PeerView, SessionView } from '../../session/views/view.js';
import type { Ending } from '../../wire/close.js';
import { clean } from '../../wire/safe-text.js';
import type { Identity } from '../../x509/identity.js';
import type { AuditFile } from './audit-file.js';

/** The author of an act, as the audit log names it. */
export interface Actor {
  readonly subject: string;
  readonly fingerprint: string;
  readonly serial: string;
}

/** Name of an act. An administrative act has the verb of its RPC; it is lower case, so that it cannot look like the service's own entry. */
export type AuditAct = 'admit' | 'refuse' | 'pair' | 'end' | 'gap' | (string & {});

/** One act. Texts are cleaned and cut before they are written; bodies have no place here. */
export interface AuditEntry {
  readonly act: AuditAct;
  /** The author of the act. */
  readonly by?: Identity | Actor;
  /** The subject of the act: meetup, session, peer, rule, request id, reason, durations, amounts. */
  readonly [field: string]: unknown;
}

/** Longest text of one field, most fields, and longest line, in characters. */
const MAX_TEXT = 512;
const MAX_FIELDS = 32;
const MAX_LINE = 8_192;

/** The audit log: one JSON line for each admission, refusal, pairing, ending and administrative act. */
export class AuditLog implements EventReader {
  readonly #file: AuditFile;
  readonly #clock: Clock;

  constructor(file: AuditFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Writes an entry down; never throws and never waits. */
  record(entry: AuditEntry): void {
    this.#file.write(auditLine(entry, this.#clock.now()));
  }

  refused({ refusal, detail, target, identity, meetupId, remote, requestId, via }: RefusedUpgrade): void {
    const why = { reason: refusal.label, status: refusal.status, detail };
    const where = { target, meetup: meetupId, remote, request: requestId, via };
    this.record({ act: 'refuse', ...(identity === undefined ? {} : { by: identity }), ...where, ...why });
  }

  admitted(peer: PeerView): void {
    const { identity: by, meetupId: meetup, uid, role, rule, wouldDeny: would_deny, remote, requestId: request } = peer;
    const via = peer.via === '' ? undefined : peer.via;
    this.record({ act: 'admit', by, meetup, peer: uid, role, rule, would_deny, remote, request, via });
  }

  paired({ uid: session, meetupId: meetup, createdAt, pairedAt = createdAt, peers }: SessionView): void {
    const [first, second] = peers.map(({ identity, uid, peerId }) => ({ ...actorOf(identity), peer: uid, id: peerId }));
    this.record({ act: 'pair', meetup, session, first, second, waited_ms: pairedAt - createdAt });
  }

  ended(peer: PeerView, { label, code, text }: Ending): void {
    const where = {
      meetup: peer.meetupId,
      peer: peer.uid,
      session: peer.sessionUid === '' ? undefined : peer.sessionUid,
    };
    const why = { reason: label, code, detail: text };
    const duration_ms = this.#clock.now() - peer.connectedAt;
    this.record({ act: 'end', by: peer.identity, ...where, ...why, duration_ms, ...peer.counters });
  }
}

/** Makes one line, with its line end. */
export function auditLine({ act, by, ...rest }: AuditEntry, now: number): string {
  const who = by === undefined ? {} : { by: safe(actorOf(by), 0) };
  const fields = safe(rest, 0) as Record<string, unknown>;
  const head = { time: new Date(now).toISOString(), act: clean(act, MAX_TEXT), ...who };
  const line = JSON.stringify({ ...head, ...fields, ...head });
  if (line.length <= MAX_LINE) return `${line}\n`;
  return `${JSON.stringify({ ...head, cut: `the entry had ${line.length} characters` })}\n`;
}

function actorOf({ subject, fingerprint, serial }: Actor): Actor {
  return { subject, fingerprint, serial };
}

/** Returns the value with its texts cleaned and cut, its lists and objects bounded, and members without a form in JSON left out. */
function safe(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clean(value, MAX_TEXT);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || depth > 2) return undefined;
  if (Array.isArray(value)) return value.slice(0, MAX_FIELDS).map((one) => safe(one, depth + 1) ?? null);
  const fields = Object.entries(value).slice(0, MAX_FIELDS);
  return Object.fromEntries(fields.map(([name, one]) => [clean(name, MAX_TEXT), safe(one, depth + 1)]));
}
