import { status as Code, type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import type { Clock } from '../../ports/clock.js';
import type { Identity } from '../../x509/identity.js';
import type { Caller, Gate } from './caller.js';
import { statusOf } from './fault.js';
import { hopIn } from './hop.js';
import type { CallAudit } from './ports.js';

/** Longest value that the audit shows, characters. */
const MAX_SHOWN_CHARS = 256;
/** Fields of requests that the audit shows. Certificates are not shown; no request has a body. */
const SHOWN = [
  ...['name', 'peer_uid', 'fingerprint', 'subject', 'meetup_id', 'reason', 'block_duration', 'duration', 'deadline'],
  ...['request_id', 'filter', 'replica', 'level', 'include_bodies', 'page_size'],
];

/** Codes of calls that are written even if another replica makes them: that one has admitted the caller. */
const REFUSALS: ReadonlySet<Code> = new Set([Code.UNAUTHENTICATED, Code.PERMISSION_DENIED]);

/** The audit's line of one call; it is written once. */
export class AuditLine {
  request: Readonly<Record<string, string>> = {};
  /** True for the edge's own health checks, which have no caller and no line. */
  silent = false;
  /** True for a call that another replica makes: the line of the client's own call is written there. */
  isHop = false;
  /** Full path of the call. */
  readonly #method: string;
  readonly #audit: CallAudit;
  readonly #clock: Clock;
  readonly #began: number;
  #requestId = '';
  #caller: Identity | undefined;
  #ended = false;

  constructor(method: string, audit: CallAudit, clock: Clock) {
    this.#method = method;
    this.#audit = audit;
    this.#clock = clock;
    this.#began = clock.steady();
  }

  /** Returns the caller when it may make this call; the line names the caller either way. Throws Fault. */
  admit(gate: Gate, metadata: Metadata): Caller {
    // The request id joins the line with the edge's access log.
    this.#requestId = String(metadata.get('x-request-id')[0] ?? '').slice(0, MAX_SHOWN_CHARS);
    this.#caller = gate.identify(metadata);
    return gate.admit(this.#method, this.#caller);
  }

  end(code: Code, message = ''): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.silent || (this.isHop && !REFUSALS.has(code))) return;
    this.#audit.record({
      method: this.#method,
      ...(this.#caller === undefined ? {} : { caller: this.#caller }),
      code: Code[code] ?? String(code),
      ...(code === Code.OK || message === '' ? {} : { message }),
      request: this.request,
      duration: this.#clock.steady() - this.#began,
      requestId: this.#requestId,
    });
  }
}

/** The callers of the admitted calls, by the metadata of the call. */
export class Callers {
  readonly #callers = new WeakMap<Metadata, Caller>();

  /** Throws when the call was not admitted, which is a defect: only admitted calls reach a handler. */
  of(metadata: Metadata): Caller {
    const caller = this.#callers.get(metadata);
    if (caller === undefined) throw new Error('a call without a caller reached its handler');
    return caller;
  }

  set(metadata: Metadata, caller: Caller): void {
    this.#callers.set(metadata, caller);
  }
}

export interface CallInterceptorParts {
  readonly gate: Gate;
  readonly callers: Callers;
  readonly audit: CallAudit;
  readonly clock: Clock;
  /** Whether other replicas make calls here. */
  readonly isInFleet: boolean;
}

/** Makes the interceptor of every call of every service: it admits or refuses the call, and writes its line of the audit at the end. */
export function callInterceptor(parts: CallInterceptorParts): ServerInterceptor {
  const { gate, callers, audit, clock, isInFleet } = parts;
  return (definition, call) => {
    const line = new AuditLine(definition.path, audit, clock);
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, proceed) => {
            line.isHop = isInFleet && hopIn(metadata) !== undefined;
            try {
              if (gate.isEdge(definition.path, metadata)) line.silent = true;
              else callers.set(metadata, line.admit(gate, metadata));
            } catch (error) {
              const status = statusOf(error);
              line.end(status.code, status.details);
              call.sendStatus(status);
              return;
            }
            proceed(metadata);
          },
          onReceiveMessage: (message, proceed) => {
            line.request = shown(message);
            proceed(message);
          },
          onCancel: () => line.end(Code.CANCELLED),
        });
      },
      sendStatus: (status, next) => {
        line.end(status.code ?? Code.UNKNOWN, status.details ?? '');
        next(status);
      },
    });
  };
}

function shown(message: unknown): Readonly<Record<string, string>> {
  if (typeof message !== 'object' || message === null) return {};
  const fields = SHOWN.map((name) => [name, textOf(Reflect.get(message, name))] as const);
  return Object.fromEntries(fields.filter(([, text]) => text !== ''));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, MAX_SHOWN_CHARS);
  if (typeof value === 'number' || typeof value === 'boolean') return value ? String(value) : '';
  if (typeof value === 'object' && value !== null && 'seconds' in value) return `${String(value.seconds)}s`;
  return '';
}
