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

/** The times of several replicas, under the names of the cluster layer. Milliseconds. */
export function clusterTimes({ clusterRenew, clusterSelf, clusterDead, hopDial, hopAnswer, placing }: Config) {
  return { renew: clusterRenew, self: clusterSelf, dead: clusterDead, hopDial, hopAnswer, placing };
}

/** How NATS is reached, under the names of the cluster layer; without the time for an answer, and the name by which NATS knows who asks. */
export function natsSettings(config: Config) {
  return {
    servers: config.nats,
    cluster: config.clusterName,
    credsFile: config.natsCreds,
    userFile: config.natsUserFile,
    caFile: config.natsCa,
    certFile: config.natsCert,
    keyFile: config.natsKey,
    streams: { replicas: config.natsReplicas, storage: config.natsStorage },
  };
}
