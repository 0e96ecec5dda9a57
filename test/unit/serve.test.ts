import { expect } from 'chai';
import { loadConfig } from '../../proxy/config/load.js';
import { stopTime } from '../../proxy/stop-time.js';

describe('serve', () => {
  it('has time to close every session in batches after the deadline, and for the answers', () => {
    const flags = {
      drainDeadline: '20s',
      maxSessions: '1001',
      drainBatch: '100',
      drainInterval: '200ms',
      closeTimeout: '3s',
    };
    const seconds = stopTime(loadConfig({ flags, environment: {} })) / 1000;
    expect(seconds).to.equal(20 + 11 * 0.2 + 3 + 5);
  });
});
