import { expect } from 'chai';
import { ask } from '../support/peers.js';
import { type Service, startService } from '../support/service.js';

describe('the metrics port', () => {
  let service: Service;
  let origin: string;
  before(async () => {
    service = await startService({ metricsNames: 'proxy1.example.com' });
    origin = `http://127.0.0.1:${service.proxy.parts.metricsPort}`;
  });
  after(() => service.stop());

  for (const host of ['10.244.1.7:9464', 'ws-proxy:9464', 'ws-proxy.ns.svc:9464', 'proxy1.example.com:9464']) {
    it(`gives metrics to a scraper that asks ${host}`, async () => {
      const { status, body } = await ask(`${origin}/metrics`, { headers: ['Host', host] });
      expect(status).to.equal(200);
      expect(body.toString()).to.include('ws_proxy_');
    });
  }

  it('gives none to a web page whose name was made to point here, and says in one line what to do', async () => {
    const { status, body, headers } = await ask(`${origin}/metrics`, { headers: ['Host', 'evil.example:9464'] });
    expect([status, headers['content-type']]).to.deep.equal([403, 'text/plain; charset=utf-8']);
    expect(body.toString()).to.match(/^[^\n]*--metrics-names\n$/);
  });

  it('probes answer whoever asks: a kubelet, a load balancer', async () => {
    for (const path of ['/livez', '/readyz']) {
      expect((await ask(`${origin}${path}`, { headers: ['Host', 'anything.example'] })).status).to.equal(200);
    }
  });
});
