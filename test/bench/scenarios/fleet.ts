import { startNats } from '../../support/nats.js';
import type { Scenario } from '../scenario.js';
import { measureClaims } from './claims.js';
import { measureHops } from './hop.js';

export const fleet: Scenario = {
  name: 'fleet',
  about: 'several replicas: messages by a hop against messages without one, and claims in a real NATS',
  usual: true,
  async run(settings) {
    const nats = await startNats();
    try {
      const hops = await measureHops(settings, nats.url);
      const claims = await measureClaims(settings, nats);
      return { rows: [...hops.rows, ...claims.rows], data: { hops: hops.data, claims: claims.data } };
    } finally {
      await nats.remove();
    }
  },
};
