import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from './config/options.js';
import type { Clock, MessageObserver, Observer } from './session/ports.js';
import type { Session } from './session/session.js';
import { Audit, auditLine } from './telemetry/audit.js';
import { AuditFile } from './telemetry/audit-file.js';
import type { CallSource } from './telemetry/call-statistics.js';
import { Gauges } from './telemetry/gauges.js';
import { InvocationCounts } from './telemetry/invocation-counts.js';
import { Invocations } from './telemetry/invocations.js';
import { type Audience, Journal } from './telemetry/journal.js';
import { LifecycleCounts } from './telemetry/lifecycle-counts.js';
import { LogInvocations, LogObserver } from './telemetry/log-observer.js';
import { type Log, startLog } from './telemetry/logger.js';
import { invocationSource, type MetricSource, Metrics } from './telemetry/metrics.js';
import { TelemetryConfigError } from './telemetry/otlp-exporters.js';
import { ProcessMetrics } from './telemetry/process-metrics.js';
import { Routes } from './telemetry/routes.js';
import { type Sdk, startSdk } from './telemetry/sdk.js';
import { afterWrites } from './transport/turn.js';

/** What watches the service, joined. */
export interface Telemetry {
  readonly log: Log;
  /** Told of a fault of our own: logged and counted, and the relay goes on. */
  readonly fault: (error: unknown) => void;
  readonly gauges: Gauges;
  readonly metrics: Metrics;
  /** Absent where no audit log is asked for. */
  readonly audit: Audit | undefined;
  readonly counts: InvocationCounts;
  readonly observers: readonly Observer[];
  /** Sees each message; absent where invocations are not read. */
  readonly messages: MessageObserver | undefined;
  /** Invocations of a session that have not finished. */
  inFlight(session: Session): number;
  /** What became of a session’s invocations; absent where they are not read. */
  readonly calls: CallSource | undefined;
  /** Opens the audit log anew: after a rotation that the service cannot see. */
  reopenAudit(): void;
  /** Flushes, for a bounded time, and stops. */
  stop(): Promise<void>;
}

/** Starts log, audit, metrics and spans as the options and OTEL_* say. Throws TelemetryConfigError and RouteError. */
export async function startTelemetry(
  config: Config,
  clock: Clock,
  replica: string,
  version: string,
  rpcMethods: readonly string[],
  audience: Audience,
): Promise<Telemetry> {
  const log = startLog(config.logLevel, config.logFormat);
  const auditFile = openAudit(config.auditLog, clock, log);
  const gauges = new Gauges(rpcMethods);
  const fault = (error: unknown): void => {
    gauges.fault();
    log.logger.error({ err: error }, 'fault');
  };
  const sdk = await startSdk({ version, instanceId: replica, log: log.logger });
  const audit = auditFile === undefined ? undefined : new Audit(auditFile, clock);
  const lifecycle = new LifecycleCounts(clock);
  const process = new ProcessMetrics(clock);
  const { counts, invocations } = readInvocations(config, clock, sdk, audience, log, fault);
  const sources: readonly (MetricSource | undefined)[] = [
    invocationSource(counts),
    lifecycle,
    process,
    gauges,
    log.source,
    auditFile?.source(),
    sdk?.source,
  ];
  const metrics = new Metrics(sources.filter((one) => one !== undefined));
  sdk?.exportMetrics(metrics);
  process.start();
  invocations?.start();
  const watchers: readonly (Observer | undefined)[] = [
    new LogObserver(log.logger, clock),
    lifecycle,
    audit,
    invocations,
  ];
  return {
    ...{ log, fault, gauges, metrics, audit, counts },
    observers: watchers.filter((one) => one !== undefined),
    // It contains its own faults [OBS-2].
    messages: invocations,
    inFlight: (session) => invocations?.inFlight(session) ?? 0,
    calls: invocations,
    reopenAudit: () => {
      if (auditFile === undefined) return;
      auditFile.reopen();
      log.logger.info({ path: config.auditLog }, 'the audit log is opened anew');
    },
    stop: async () => {
      invocations?.stop();
      process.stop();
      await Promise.all([sdk?.shutdown(), auditFile?.close()]);
      log.flush();
    },
  };
}

function readInvocations(
  config: Config,
  clock: Clock,
  sdk: Sdk | undefined,
  { readers, tallies }: Audience,
  log: Log,
  fault: (error: unknown) => void,
): { readonly counts: InvocationCounts; readonly invocations: Invocations | undefined } {
  const routes = new Routes(config.traceRoutes);
  const counts = new InvocationCounts(routes.templates);
  if (!config.invocations) return { counts, invocations: undefined };
  const journal = new Journal(clock, {
    spans: sdk?.spans,
    readers: [...readers, new LogInvocations(log.logger)],
    tallies,
    clientSpans: config.traceClientSpans,
    trustParent: config.traceTrustParent,
    events: config.traceEvents,
    fault,
  });
  const bounds = {
    timeout: config.invocationTimeout,
    maxPerSession: config.maxInvocationsPerSession,
    max: config.maxInvocations,
    inject: config.traceInject,
  };
  return { counts, invocations: new Invocations({ clock, bounds, counts, journal, routes, fault, afterWrites }) };
}

function openAudit(path: string | undefined, clock: Clock, log: Log): AuditFile | undefined {
  if (path === undefined) return undefined;
  if (!existsSync(dirname(path))) {
    throw new TelemetryConfigError(`--audit-log ${path}: its folder does not exist: make it first`);
  }
  return new AuditFile({
    path: path === '-' ? '/dev/stdout' : path,
    clock,
    failed: (error) =>
      log.logger.error(
        { path, reason: error.message },
        'the audit log cannot be written; lines wait, then are dropped and counted',
      ),
    recovered: (dropped) => log.logger.warn({ path, dropped }, 'the audit log can be written again'),
    gap: (dropped) => auditLine({ act: 'gap', dropped }, clock.now()),
  });
}
