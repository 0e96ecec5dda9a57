/**
 * What the control API needs of the rest of the service. The composition root joins them: this layer knows neither telemetry
 * nor the policy's files.
 */

import type { LogLevel } from '../../wire/log-levels.js';
import type { Identity } from '../../x509/identity.js';

/** One line of the audit: a call of the control API, after it ended. */
export interface AuditEntry {
  /** Full path of the call, `/package.Service/Method`. */
  readonly method: string;
  /** Absent when the call carried none that could be read. */
  readonly caller?: Identity;
  /** Name of the gRPC status code, such as `OK` or `PERMISSION_DENIED`. */
  readonly code: string;
  /** What the caller was told, when the call failed. */
  readonly message?: string;
  /** What was asked for: chosen fields of the request, each cut to 256 characters; never a body or a certificate. */
  readonly request: Readonly<Record<string, string>>;
  /** From the call's arrival to its end, milliseconds. */
  readonly duration: number;
  /** `x-request-id`, empty when unknown: joins the edge's access log. */
  readonly requestId: string;
}

/** Who writes the audit. May not throw or block. */
export interface Audit {
  record(entry: AuditEntry): void;
}

/** A policy in force. */
export interface PolicyInfo {
  /** File, or `any-verified`. */
  readonly source: string;
  /** SHA-256 of the file, lower-case hex; empty for `any-verified`. */
  readonly digest: string;
  readonly rules: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly loadedAt: number;
  /** Why the last reload was refused; empty when it was not. */
  readonly lastError: string;
}

export type ReloadOutcome =
  | { readonly ok: { readonly changed: boolean; readonly endedConnections: number } }
  | { readonly refused: string };

/** The policy that can be read again. */
export interface PolicyControl {
  info(): PolicyInfo;
  /** Reads the file; one that is not valid changes nothing and the text says where it is wrong. Rejects on defects only. */
  reload(): Promise<ReloadOutcome>;
}

/** Whether someone may sit at a meetup, and why. */
export interface AccessExplanation {
  readonly allowed: boolean;
  /** Word of the refusal: a label of the table of endings, or `tls_handshake` where Envoy ends it; empty when allowed. */
  readonly refusal: string;
  /** Seat; empty when refused. */
  readonly role: string;
  /** Rule that decided; empty when none did. */
  readonly rule: string;
  readonly reason: string;
  /** What was tried on the way, in order, for people. */
  readonly steps: readonly string[];
}

/** Who knows what the door would answer now. */
export interface AccessExplainer {
  explain(identity: Identity, meetupId: string): AccessExplanation;
}

/** The log's level. */
export interface LogControl {
  level(): LogLevel;
  setLevel(level: LogLevel): void;
}

/** What does not change while the process runs. */
export interface ServerFacts {
  /** Name of this replica. */
  readonly replica: string;
  /** Version of the product. */
  readonly version: string;
  /** When it started to serve, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly maxSessions: number;
}
