import type { Config } from './options.js';

/** The options of a drain, as the session layer's DrainPlan names them. Times in milliseconds. */
export function drainPlan({ drainDeadline, drainBatch, drainInterval, drainSpread }: Config) {
  return { deadline: drainDeadline, batch: drainBatch, interval: drainInterval, spread: drainSpread };
}

/** The options of what one identity may hold, as the policy layer's AdmissionBounds names them. */
export function admissionBounds(config: Config) {
  return {
    total: config.maxConnections,
    connections: config.maxConnectionsPerIdentity,
    connectsPerSecond: config.connectRate,
    connectBurst: config.connectBurst,
    greetings: config.maxGreetingsPerIdentity,
  };
}

/** The options of how invocations are followed, as the telemetry layer names them. Times in milliseconds. */
export function invocationBounds(config: Config) {
  return {
    timeout: config.invocationTimeout,
    maxPerSession: config.maxInvocationsPerSession,
    max: config.maxInvocations,
    inject: config.traceInject,
  };
}
