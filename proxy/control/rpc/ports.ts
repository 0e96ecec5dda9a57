/**
 * The interfaces of the control API to the rest of the service. The composition root joins them, so that this layer knows neither
 * telemetry nor the policy's files.
 */

import type { LogLevel } from '../../wire/log-levels.js';
import type { Identity } from '../../x509/identity.js';

/** One line of the audit: a call of the control API, after it ended. */
export interface CallRecord {
  /** Full path of the call, `/package.Service/Method`. */
  readonly method: string;
  /** Absent when the call carried no readable identity. */
  readonly caller?: Identity;
  /** Name of the gRPC status code, such as `OK` or `PERMISSION_DENIED`. */
  readonly code: string;
  /** The words that the caller was told, when the call failed. */
  readonly message?: string;
  /** Chosen fields of the request, each cut to 256 characters; never a body or a certificate. */
  readonly request: Readonly<Record<string, string>>;
  /** From the call's arrival to its end, milliseconds. */
  readonly duration: number;
  /** `x-request-id`, empty when unknown: joins the edge's access log. */
  readonly requestId: string;
}

/** The writer of the audit. It may not throw or block. */
export interface CallAudit {
  record(entry: CallRecord): void;
}

/** A policy in force. */
export interface PolicyInfo {
  /** File, or `any-verified`. */
  readonly source: string;
  /** SHA-256 of the file, lower-case hex; empty for `any-verified`. */
  readonly digest: string;
  readonly rules: number;
  /** Time of the load, milliseconds since the epoch. */
  readonly loadedAt: number;
  /** The fault for which the last reload was refused; empty when it was not refused. */
  readonly lastError: string;
}

export type ReloadOutcome =
  | { readonly ok: { readonly changed: boolean; readonly endedConnections: number } }
  | { readonly refused: string };

/** The policy in force, and its reload. */
export interface PolicyControl {
  info(): PolicyInfo;
  /** Reads the file again. A file that is not valid changes nothing, and the text says where it is wrong. Rejects on defects only. */
  reload(): Promise<ReloadOutcome>;
}

/** The answer to whether a certificate may sit at a meetup, and the reason. */
export interface AccessExplanation {
  readonly allowed: boolean;
  /** Label of the refusal in the table of endings, or `tls_handshake` where Envoy refuses; empty when allowed. */
  readonly refusal: string;
  /** Role of the seat; empty when refused. */
  readonly role: string;
  /** Rule that decided; empty when none did. */
  readonly rule: string;
  readonly reason: string;
  /** The steps of the decision in order, for people. */
  readonly steps: readonly string[];
}

/** Tells how the door would decide now. */
export interface AccessExplainer {
  explain(identity: Identity, meetupId: string): AccessExplanation;
}

/** Reads and sets the level of the log. */
export interface LogControl {
  level(): LogLevel;
  setLevel(level: LogLevel): void;
}

/** A level that the log has for one meetup, for a time. */
export interface MeetupLevel {
  readonly meetupId: string;
  readonly level: LogLevel;
  /** When it ends, milliseconds since the epoch. */
  readonly until: number;
  /** Author, for people. */
  readonly by: string;
}

/** Reads and sets the levels of single meetups. */
export interface MeetupLevels {
  /** Sets one for `ms` milliseconds, in place of one that the meetup has; undefined when there is no room for another. */
  set(meetupId: string, level: LogLevel, ms: number, by: string): MeetupLevel | undefined;
  /** Ends one; false when the meetup has none. */
  lift(meetupId: string): boolean;
  list(): readonly MeetupLevel[];
}

/** Facts that do not change while the process runs. */
export interface ServerFacts {
  /** Name of this replica. */
  readonly replica: string;
  /** Version of the product. */
  readonly version: string;
  /** Time at which the service started to serve, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly maxSessions: number;
}
