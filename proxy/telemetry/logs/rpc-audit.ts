import type { Identity } from '../../x509/identity.js';
import type { RpcDurations } from '../metrics/rpc-durations.js';
import type { AuditLog } from './audit.js';

/** A call of the control API that has ended. */
export interface CallRecord {
  /** Full path of the call, `/package.Service/Method`. */
  readonly method: string;
  /** Absent when the call carried no readable identity. */
  readonly caller?: Identity;
  /** Name of the gRPC status code. */
  readonly code: string;
  /** From the call's arrival to its end, milliseconds. */
  readonly duration: number;
  /** The words that the caller was told, when the call failed. */
  readonly message?: string;
  /** Chosen fields of the request. */
  readonly request: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** Measures each call of the control API and writes it into the audit log, where there is one. */
export class RpcAudit {
  readonly #durations: RpcDurations;
  readonly #audit: Pick<AuditLog, 'record'> | undefined;

  constructor(durations: RpcDurations, audit: Pick<AuditLog, 'record'> | undefined) {
    this.#durations = durations;
    this.#audit = audit;
  }

  record({ method, caller, code, duration, ...rest }: CallRecord): void {
    this.#durations.ended(method.slice(1), code, duration / 1000);
    const by = caller && { by: caller };
    this.#audit?.record({ act: actOf(method), ...by, code, ms: Math.round(duration), ...rest });
  }
}

/** `/package.Service/KickSession` → `kick_session`. */
function actOf(method: string): string {
  const verb = method.slice(method.lastIndexOf('/') + 1);
  return verb.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
