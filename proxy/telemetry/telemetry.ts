import type { Clock, MessageObserver, Observer } from '../session/ports.js';
import type { Session } from '../session/session.js';
import { Audit, auditLine } from './audit.js';
import { AuditFile } from './audit-file.js';
import { type CallSource, NO_CALLS } from './call-statistics.js';
import { Gauges } from './gauges.js';
import { InvocationCounts } from './invocation-counts.js';
import { Invocations } from './invocations.js';
import { type InvocationReader, Journal } from './journal.js';
import { LifecycleCounts } from './lifecycle-counts.js';
import { LogInvocations, LogObserver } from './log-observer.js';
import { type LogFormat, type Logger, type LogLevel, startLog } from './logger.js';
import { invocationSource, type MetricSource, Metrics } from './metrics.js';
import { ProcessMetrics } from './process-metrics.js';
import { RecentInvocations, RecentRefusals } from './recent.js';
import { Routes } from './routes.js';
import { startSdk } from './sdk.js';

/** The options of the service that telemetry reads; durations in milliseconds. */
export interface TelemetryOptions {
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Absent: no audit log; `-`: standard output. */
  readonly auditLog: string | undefined;
  /** `off`: messages are not looked at at all; a drain then waits for no invocation. */
  readonly invocations: 'on' | 'off';
  readonly invocationTimeout: number;
  readonly maxInvocationsPerSession: number;
  readonly maxInvocations: number;
  readonly traceRoutes: readonly string[];
  /** `trust`: a request's own traceparent is its span's parent; `link`: it is only linked. */
  readonly traceParent: 'trust' | 'link';
  readonly traceInject: boolean;
  readonly traceEvents: boolean;
  readonly traceClientSpans: boolean;
  /** Whether the last invocations and refusals are kept for the page. */
  readonly page: boolean;
}

export interface TelemetryParts {
  readonly clock: Clock;
  readonly version: string;
  /** Tells replicas apart. */
  readonly instanceId: string;
  /** Full names of the control API's methods, `package.Service/Method`. */
  readonly rpcMethods: readonly string[];
}

/** All of telemetry, joined. */
export interface Telemetry {
  readonly log: Logger;
  setLogLevel(level: LogLevel): void;
  /** Told of connections and sessions. */
  readonly observers: readonly Observer[];
  /** Shown the messages; absent when invocations are off. */
  readonly messages: MessageObserver | undefined;
  /** Invocations of a session: those in flight, and what became of the others. */
  readonly calls: CallSource;
  readonly gauges: Gauges;
  readonly metrics: Metrics;
  /** Absent when there is no audit log. */
  readonly audit: Audit | undefined;
  /** Absent when there is no page. */
  readonly recent: { readonly invocations: RecentInvocations; readonly refusals: RecentRefusals } | undefined;
  /** A fault of our own: logged and counted. */
  fault(error: unknown): void;
  /** Opens files anew after a rotation (SIGHUP). */
  reopen(): void;
  /** Writes what waits and lets go of everything, in bounded time; never rejects. */
  stop(): Promise<void>;
}

/** Starts telemetry. Throws RouteError or TelemetryConfigError, each one line for the operator. */
export async function startTelemetry(options: TelemetryOptions, parts: TelemetryParts): Promise<Telemetry> {
  const { clock } = parts;
  const routes = new Routes(options.traceRoutes);
  const { logger: log, setLevel, flush, source: logSource } = startLog(options.logLevel, options.logFormat);
  const gauges = new Gauges(parts.rpcMethods);
  const fault = (error: unknown): void => {
    gauges.fault();
    log.error({ err: error }, 'a fault was contained');
  };
  const sdk = await startSdk({ ...parts, log });
  const file = auditFile(options.auditLog, clock, log);
  const audit = file === undefined ? undefined : new Audit(file, clock);
  const recent = options.page
    ? { invocations: new RecentInvocations(), refusals: new RecentRefusals(() => clock.now()) }
    : undefined;

  const counts = new InvocationCounts(routes.templates);
  const readers: InvocationReader[] = [new LogInvocations(log), ...(recent === undefined ? [] : [recent.invocations])];
  const journal = new Journal(clock, {
    spans: sdk?.spans,
    readers,
    clientSpans: options.traceClientSpans,
    events: options.traceEvents,
    trustParent: options.traceParent === 'trust',
    fault,
  });
  const bounds = {
    timeout: options.invocationTimeout,
    maxPerSession: options.maxInvocationsPerSession,
    max: options.maxInvocations,
    inject: options.traceInject,
  };
  const isWatching = options.invocations === 'on';
  const invocations = isWatching ? new Invocations({ clock, bounds, counts, journal, routes, fault }) : undefined;

  const lives = new LifecycleCounts(clock);
  const own = new ProcessMetrics(clock);
  const sources: (MetricSource | undefined)[] = [
    isWatching ? invocationSource(counts) : undefined,
    ...[lives, gauges, own, logSource, file?.source(), sdk?.source],
  ];
  const metrics = new Metrics(sources.filter((source) => source !== undefined));
  sdk?.exportMetrics(metrics);
  own.start();
  invocations?.start();
  const observers: (Observer | undefined)[] = [
    invocations,
    lives,
    new LogObserver(log, clock),
    audit,
    recent?.refusals,
  ];

  return {
    log,
    setLogLevel: setLevel,
    observers: observers.filter((observer) => observer !== undefined),
    messages: invocations,
    calls: invocations ?? noCalls,
    gauges,
    metrics,
    audit,
    recent,
    fault,
    reopen: () => file?.reopen(),
    stop: async () => {
      invocations?.stop();
      own.stop();
      await Promise.allSettled([sdk?.shutdown(), file?.close()]);
      flush();
    },
  };
}

const noCalls: CallSource = {
  inFlight: () => 0,
  of: (_session: Session) => ({ ...NO_CALLS, inFlight: 0 }),
};

function auditFile(path: string | undefined, clock: Clock, log: Logger): AuditFile | undefined {
  if (path === undefined || path === '') return undefined;
  return new AuditFile({
    path: path === '-' ? '/dev/stdout' : path,
    clock,
    failed: (error) =>
      log.error({ path, reason: error.message }, 'the audit log can not be written; records wait, then are dropped'),
    recovered: (dropped) => log.info({ path, dropped }, 'the audit log is written again'),
    gap: (dropped) => auditLine({ act: 'gap', dropped }, clock.now()),
  });
}
