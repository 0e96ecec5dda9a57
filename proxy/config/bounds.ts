import type { Config } from './options.js';

/** The options of a drain under the names of the session layer's DrainPlan. Times in milliseconds. */
export function drainPlan({ drainDeadline, drainBatch, drainInterval, drainSpread }: Config) {
  return { deadline: drainDeadline, batch: drainBatch, interval: drainInterval, spread: drainSpread };
}

/** The options that bound one identity, under the names of the policy layer's AdmissionBounds. */
export function admissionBounds(config: Config) {
  return {
    total: config.maxConnections,
    connections: config.maxConnectionsPerIdentity,
    connectsPerSecond: config.connectRate,
    connectBurst: config.connectBurst,
    greetings: config.maxGreetingsPerIdentity,
  };
}

/** The options for following invocations, under the names of the telemetry layer. Times in milliseconds. */
export function invocationBounds(config: Config) {
  return {
    timeout: config.invocationTimeout,
    maxPerSession: config.maxInvocationsPerSession,
    max: config.maxInvocations,
    inject: config.traceInject,
  };
}
