import { expect } from 'chai';
import { admissionBounds, drainPlan, invocationBounds } from '../../../proxy/config/bounds.js';
import { loadConfig } from '../../../proxy/config/load.js';

const config = loadConfig({
  flags: {
    ...{ drainDeadline: '1s', drainBatch: '2', drainInterval: '300ms', drainSpread: '4s' },
    ...{ maxConnections: '50', maxConnectionsPerIdentity: '6', connectRate: '7', connectBurst: '8' },
    ...{ maxGreetingsPerIdentity: '5', invocationTimeout: '10s', maxInvocationsPerSession: '11' },
    ...{ maxInvocations: '12', traceInject: 'true' },
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
  });
});
