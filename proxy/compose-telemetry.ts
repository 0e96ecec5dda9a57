import { invocationBounds } from './config/bounds.js';
import type { Config } from './config/options.js';
import type { Clock, MessageObserver, Observer } from './session/ports.js';
import type { Session } from './session/session.js';
import { Audit } from './telemetry/audit.js';
import type { CallSource } from './telemetry/call-statistics.js';
import { Gauges } from './telemetry/gauges.js';
import { InvocationCounts } from './telemetry/invocation-counts.js';
import { Invocations } from './telemetry/invocations.js';
import { type Audience, Journal } from './telemetry/journal.js';
import { LifecycleCounts } from './telemetry/lifecycle-counts.js';
import { LogInvocations, LogObserver } from './telemetry/log-observer.js';
import { type Log, startLog } from './telemetry/logger.js';
import { type MetricSource, Metrics } from './telemetry/metrics.js';
import { openAudit } from './telemetry/open-audit.js';
import { ProcessMetrics } from './telemetry/process-metrics.js';
import { Routes } from './telemetry/routes.js';
import { RpcDurations } from './telemetry/rpc-durations.js';
import { type Sdk, startSdk } from './telemetry/sdk.js';
import { afterWrites } from './transport/turn.js';

/** What watches the service, joined. */
export interface Telemetry {
  readonly log: Log;
  /** Told of a fault of our own: logged and counted, and the relay goes on. */
  readonly fault: (error: unknown) => void;
  readonly gauges: Gauges;
  readonly metrics: Metrics;
  /** Times of the control API's calls. */
  readonly rpcs: RpcDurations;
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

export interface TelemetryParts {
  readonly config: Config;
  readonly clock: Clock;
  /** Name of this replica. */
  readonly replica: string;
  /** Version of the product. */
  readonly version: string;
  /** Full names of the control API's methods; none where it is off. */
  readonly rpcMethods: readonly string[];
  /** Who hears of invocations beside spans and log. */
  readonly audience: Audience;
}

/** Starts log, audit, metrics and spans as the options and OTEL_* say. Throws TelemetryConfigError, AuditLogError and RouteError. */
export async function startTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const { config, clock, replica, version } = parts;
  const log = startLog(config.logLevel, config.logFormat);
  const auditFile = config.auditLog === undefined ? undefined : openAudit(config.auditLog, clock, log.logger);
  const gauges = new Gauges();
  const rpcs = new RpcDurations(parts.rpcMethods);
  const fault = (error: unknown): void => {
    gauges.fault();
    log.logger.error({ err: error }, 'fault');
  };
  const sdk = await startSdk({ version, instanceId: replica, log: log.logger });
  const audit = auditFile === undefined ? undefined : new Audit(auditFile, clock);
  const lifecycle = new LifecycleCounts(clock);
  const process = new ProcessMetrics(clock);
  const readers = [...parts.audience.readers, new LogInvocations(log.logger)];
  const audience = { ...parts.audience, readers };
  const { counts, invocations } = readInvocations({ config, clock, sdk, audience, fault });
  const sources: readonly (MetricSource | undefined)[] = [
    counts,
    lifecycle,
    process,
    gauges,
    rpcs,
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
    ...{ log, fault, gauges, metrics, rpcs, audit, counts },
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

interface InvocationParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly sdk: Sdk | undefined;
  readonly audience: Audience;
  readonly fault: (error: unknown) => void;
}

/** The counts, and what fills them where invocations are read. */
function readInvocations({ config, clock, sdk, audience, fault }: InvocationParts): {
  readonly counts: InvocationCounts;
  readonly invocations: Invocations | undefined;
} {
  const routes = new Routes(config.traceRoutes);
  const counts = new InvocationCounts(routes.templates);
  if (!config.invocations) return { counts, invocations: undefined };
  const journal = new Journal(clock, {
    spans: sdk?.spans,
    ...audience,
    clientSpans: config.traceClientSpans,
    trustParent: config.traceTrustParent,
    events: config.traceEvents,
    fault,
  });
  const bounds = invocationBounds(config);
  return { counts, invocations: new Invocations({ clock, bounds, counts, journal, routes, fault, afterWrites }) };
}
