import { invocationBounds } from '../config/bounds.js';
import type { Config } from '../config/options.js';
import type { Clock } from '../ports/clock.js';
import type { MessageObserver } from '../session/life/message-observer.js';
import type { EventReader } from '../session/views/events.js';
import type { LoadSource } from '../session/views/load.js';
import { NO_INVOCATIONS, type SessionStatistics } from '../session/views/statistics.js';
import { InvocationCounts } from '../telemetry/calls/invocation-counts.js';
import { Invocations } from '../telemetry/calls/invocations.js';
import { type Audience, Journal } from '../telemetry/calls/journal.js';
import { RequestHeads } from '../telemetry/calls/request-heads.js';
import { Routes } from '../telemetry/calls/routes.js';
import { AuditLog } from '../telemetry/logs/audit.js';
import { FailureLines } from '../telemetry/logs/failure-lines.js';
import { LogInvocations } from '../telemetry/logs/log-invocations.js';
import { LogObserver } from '../telemetry/logs/log-observer.js';
import { type Log, startLog } from '../telemetry/logs/logger.js';
import { MeetupLevels } from '../telemetry/logs/meetup-levels.js';
import { openAudit } from '../telemetry/logs/open-audit.js';
import { Gauges } from '../telemetry/metrics/gauges.js';
import { HopCounts } from '../telemetry/metrics/hop-counts.js';
import { LifecycleCounts } from '../telemetry/metrics/lifecycle-counts.js';
import { type MetricSource, Metrics } from '../telemetry/metrics/metrics.js';
import { ProcessMetrics } from '../telemetry/metrics/process-metrics.js';
import { RpcDurations } from '../telemetry/metrics/rpc-durations.js';
import { type Sdk, startSdk } from '../telemetry/otlp/sdk.js';
import { afterWrites } from '../transport/turn.js';
import { headsBytes } from './heads-bytes.js';

/** The joined parts of the telemetry. */
export interface Telemetry {
  readonly log: Log;
  /** The levels that single meetups have for a time. */
  readonly meetupLevels: MeetupLevels;
  /** Takes a fault of our own: it is logged and counted, and the relay goes on. */
  readonly fault: (error: unknown) => void;
  readonly gauges: Gauges;
  readonly metrics: Metrics;
  /** Durations of the control API's calls. */
  readonly rpcs: RpcDurations;
  /** What is handed on to other replicas; zeros where there is none. */
  readonly hops: HopCounts;
  /** Absent where no audit log is asked for. */
  readonly audit: AuditLog | undefined;
  readonly counts: InvocationCounts;
  /** The readers of the core's events. */
  readonly readers: readonly EventReader[];
  /** Sees each message; absent where invocations are not read. */
  readonly messages: MessageObserver | undefined;
  /** The outcomes of each session's invocations; zeros where invocations are not read. */
  readonly statistics: SessionStatistics;
  /** Adds a listener for finished invocations, where they are read; the returned function removes it. */
  readInvocations(audience: Audience): () => void;
  /** Opens the audit log anew, after a rotation that the service cannot see. */
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
  /** The source of the gauges. */
  readonly present: LoadSource;
}

/** Starts log, audit, metrics and spans as the options and OTEL_* say. Throws TelemetryConfigError, AuditLogError and RouteError. */
export async function startTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const { config, clock, replica, version } = parts;
  const log = startLog(config.logLevel, config.logFormat);
  const auditFile = config.auditLog === undefined ? undefined : openAudit(config.auditLog, clock, log.logger);
  const gauges = new Gauges();
  const rpcs = new RpcDurations(parts.rpcMethods);
  const hops = new HopCounts();
  const fault = (error: unknown): void => {
    gauges.fault();
    log.logger.error({ err: error }, 'fault');
  };
  const sdk = await startSdk({ version, instanceId: replica, log: log.logger });
  const audit = auditFile === undefined ? undefined : new AuditLog(auditFile, clock);
  const lifecycle = new LifecycleCounts(clock, parts.present);
  const process = new ProcessMetrics(clock);
  const meetupLevels = new MeetupLevels(log.logger, clock);
  const failureLines = new FailureLines(meetupLevels);
  const logged = new LogInvocations(log.logger, meetupLevels, failureLines);
  const audience = { readers: [logged.details], tallies: [], late: [logged] };
  const { counts, invocations, journal } = openInvocations({ config, clock, sdk, audience, fault });
  const sources: readonly (MetricSource | undefined)[] = [
    counts,
    lifecycle,
    process,
    gauges,
    rpcs,
    hops,
    log.source,
    auditFile?.source(),
    sdk?.source,
  ];
  const metrics = new Metrics(sources.filter((one) => one !== undefined));
  sdk?.exportMetrics(metrics);
  process.start();
  invocations?.start();
  const stopLines = failureLines.start(clock);
  const readers: readonly (EventReader | undefined)[] = [new LogObserver(meetupLevels, clock), lifecycle, audit];
  return {
    ...{ log, meetupLevels, fault, gauges, metrics, rpcs, hops, audit, counts },
    readers: readers.filter((one) => one !== undefined),
    // The invocations contain their own faults [OBS-2].
    messages: invocations,
    statistics: invocations ?? { of: () => NO_INVOCATIONS },
    readInvocations: (more) => journal?.subscribe(more) ?? (() => {}),
    reopenAudit: () => {
      if (auditFile === undefined) return;
      auditFile.reopen();
      log.logger.info({ path: config.auditLog }, 'the audit log is opened anew');
    },
    stop: async () => {
      invocations?.stop();
      process.stop();
      stopLines();
      failureLines.flush();
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

/** Makes the counts, and, where invocations are read, the observer that fills them. */
function openInvocations({ config, clock, sdk, audience, fault }: InvocationParts): {
  readonly counts: InvocationCounts;
  readonly invocations?: Invocations;
  readonly journal?: Journal;
} {
  const routes = new Routes(config.traceRoutes);
  const counts = new InvocationCounts(routes.templates);
  if (!config.invocations) return { counts };
  const journal = new Journal(clock, {
    spans: sdk?.spans,
    ...audience,
    clientSpans: config.traceClientSpans,
    trustParent: config.traceTrustParent,
    events: config.traceEvents,
    heads: new RequestHeads(headsBytes(config)),
    fault,
  });
  const bounds = invocationBounds(config);
  const invocations = new Invocations({ clock, bounds, counts, journal, routes, fault, afterWrites });
  return { counts, invocations, journal };
}
