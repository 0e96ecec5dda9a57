import { expect } from 'chai';
import { settlePorts } from '../../dev/ports.js';
import { useEdge } from '../support/envoy.js';
import { ask } from '../support/peers.js';
import { Scratch } from '../support/scratch.js';

describe('the stats port of the real Envoy', () => {
  const scratch = new Scratch();
  let base: string;
  const edge = useEdge(async () => {
    const { admin, metrics } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
    base = `http://127.0.0.1:${metrics}`;
    return { serviceSocket: scratch.path('service.sock'), settings: { adminPort: admin, statsPort: metrics } };
  });
  after(() => scratch.remove());

  it('answers with the metrics that the alerts look at', async () => {
    const response = await fetch(`${base}/stats/prometheus`);
    const text = await response.text();
    expect(response.status, await edge().logs()).to.equal(200);
    expect(text)
      .to.match(/^envoy_listener_ssl_fail_verify_error\{/m)
      .and.to.match(/^envoy_server_live\{\} 1$/m);
  });

  it('says that Envoy is ready', async () => {
    expect((await fetch(`${base}/ready`)).status).to.equal(200);
  });

  for (const path of ['/', '/stats', '/certs', '/config_dump', '/quitquitquit', '/stats/prometheus/x']) {
    it(`has no ${path}`, async () => {
      expect((await fetch(`${base}${path}`)).status).to.equal(404);
    });
  }

  it('answers whoever names this host by an address or by a name of its network, and no web page elsewhere', async () => {
    const answers = ['envoy:9902', '10.1.2.3', 'evil.example'].map(async (host) => {
      return (await ask(`${base}/stats/prometheus`, { headers: ['Host', host] })).status;
    });
    expect(await Promise.all(answers)).to.deep.equal([200, 200, 404]);
  });

  it('takes no POST', async () => {
    expect((await fetch(`${base}/stats/prometheus`, { method: 'POST' })).status).to.equal(404);
  });
});
