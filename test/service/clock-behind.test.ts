import { expect } from 'chai';
import { settlePorts } from '../../dev/ports.js';
import { get, waitFor } from '../../dev/wait.js';
import { pem } from '../support/der-writer.js';
import type { Program } from '../support/program.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { serve } from '../support/serve.js';

const HOUR_MS = 3_600_000;

describe('a clock that is behind at the start', function () {
  this.timeout(60_000);
  const authority = new RawAuthority();
  let scratch: Scratch;
  let service: Program | undefined;
  let output: string[];
  beforeEach(() => {
    scratch = new Scratch();
    scratch.write('ca.pem', authority.certificate);
    output = [];
  });
  afterEach(async () => {
    await service?.stop('SIGKILL');
    service = undefined;
    scratch.remove();
  });

  const list = (thisUpdate: Date): string => pem('X509 CRL', authority.revoke({ serials: ['1'], thisUpdate }));

  async function start(thisUpdate: Date): Promise<string> {
    const { metrics } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
    service = serve(
      {
        listen: `unix:${scratch.path('s.sock')}`,
        'metrics-port': String(metrics),
        'log-format': 'json',
        policy: 'any-verified',
        crl: scratch.write('root.crl.pem', list(thisUpdate)),
        'crl-ca': scratch.path('ca.pem'),
      },
      output,
    );
    return `http://127.0.0.1:${metrics}`;
  }

  it('is waited for: not ready, alive, said once with both times, until another list is there', async () => {
    const url = await start(new Date(Date.now() + HOUR_MS));
    const line = await service?.line('stdout', /"waiting: nobody is served/);
    expect(line).to.match(/begins at .*Z, which is yet to come: the clock of this machine says .*Z/);
    const over = new AbortController().signal;
    await waitFor('no probe answered', 20_000, over, () => get(`${url}/livez`));
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).to.equal(503);
    expect(await answer.text()).to.contain('which is yet to come');
    expect(await (await fetch(`${url}/metrics`)).text()).to.contain('ws_proxy_crl_valid 0');
    scratch.replace('root.crl.pem', list(new Date(Date.now() - HOUR_MS)));
    await service?.line('stdout', /"ready"/);
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    expect(await (await fetch(`${url}/metrics`)).text()).to.contain('ws_proxy_crl_valid 1');
    expect(output.join('').match(/"waiting: /g)).to.have.length(1);
  });
});
