import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { recordedFleet } from '../../dev/fleet/fleet-record.js';
import { startProxy } from '../support/started-proxy.js';

describe('npm start with WS_PROXY_REPLICAS', function () {
  this.timeout(120_000);

  it('has so many replicas behind one Envoy', async () => {
    const proxy = await startProxy({ WS_PROXY_REPLICAS: '2' });
    try {
      expect(await proxy.ready).to.match(
        /^ready wss:\S+ control localhost:\d+ metrics( http:\/\/127\.0\.0\.1:\d+\/metrics){2} page http:\S+$/,
      );
      const names = recordedFleet(proxy.runDir).map(({ name }) => name);
      expect(names).to.deep.equal(['nats', 'replica-1', 'replica-2', 'envoy-1']);
    } finally {
      await proxy.clean();
    }
  });

  it('is one service without NATS where it says one', async () => {
    const proxy = await startProxy({ WS_PROXY_REPLICAS: '1' });
    try {
      expect(await proxy.ready).to.match(
        /^ready wss:\S+ control localhost:\d+ metrics http:\S+\/metrics page http:\S+$/,
      );
      expect(existsSync(join(proxy.runDir, 'nats'))).to.equal(false);
    } finally {
      await proxy.clean();
    }
  });
});
