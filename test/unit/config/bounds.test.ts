import { expect } from 'chai';
import {
  admissionBounds,
  clusterTimes,
  drainPlan,
  invocationBounds,
  natsSettings,
} from '../../../proxy/config/bounds.js';
import { loadConfig } from '../../../proxy/config/load.js';

const config = loadConfig({
  flags: {
    ...{ drainDeadline: '1s', drainBatch: '2', drainInterval: '300ms', drainSpread: '4s' },
    ...{ maxConnections: '50', maxConnectionsPerIdentity: '6', connectRate: '7', connectBurst: '8' },
    ...{ maxGreetingsPerIdentity: '5', invocationTimeout: '10s', maxInvocationsPerSession: '11' },
    ...{ maxInvocations: '12', traceInject: 'true' },
    ...{ nats: 'nats://a', clusterName: 'lab', natsUserFile: 'u', natsCa: 'ca', natsCert: 'c', natsKey: 'k' },
    ...{ natsReplicas: '3', natsStorage: 'memory', hopListen: 'unix:h', clusterRenew: '20s', clusterSelf: '21s' },
    ...{ clusterDead: '22s', hopDial: '23ms', hopAnswer: '24ms', placing: '35ms' },
  },
  environment: {},
});

describe('options as the layers name them', () => {
  it('each option under its own name', () => {
    expect(drainPlan(config)).to.deep.equal({ deadline: 1000, batch: 2, interval: 300, spread: 4000 });
    expect(admissionBounds(config)).to.deep.equal({
      ...{ total: 50, connections: 6, connectsPerSecond: 7, connectBurst: 8, greetings: 5 },
    });
    expect(invocationBounds(config)).to.deep.equal({ timeout: 10_000, maxPerSession: 11, max: 12, inject: true });
    expect(clusterTimes(config)).to.deep.equal({
      ...{ renew: 20_000, self: 21_000, dead: 22_000, hopDial: 23, hopAnswer: 24, placing: 35 },
    });
    expect(natsSettings(config)).to.deep.equal({
      ...{ servers: ['nats://a'], cluster: 'lab', credsFile: undefined, userFile: 'u', caFile: 'ca' },
      ...{ certFile: 'c', keyFile: 'k', streams: { replicas: 3, storage: 'memory' } },
    });
  });
});
