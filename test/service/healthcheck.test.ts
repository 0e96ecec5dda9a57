import { expect } from 'chai';
import { settlePorts } from '../../dev/ports.js';
import { runProgram } from '../support/program.js';
import { type Service, startService } from '../support/service.js';

describe('ws-proxy healthcheck', () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.stop());

  const ask = (page: string) =>
    runProgram('healthcheck', '--url', `http://127.0.0.1:${service.proxy.parts.metricsPort}/${page}`);

  it('exits 0 when the service is ready', async () => {
    expect(await ask('readyz').ended).to.equal(0);
  });

  it('exits 1 and repeats the reason when it is not', async () => {
    await service.proxy.parts.drain.start({ deadline: 0, batch: 1, interval: 10, spread: 0 });
    const program = ask('readyz');
    await program.line('stderr', /503 this replica is drain/);
    expect(await program.ended).to.equal(1);
    expect(await ask('livez').ended).to.equal(0);
  });

  it('exits 1 when nobody answers', async () => {
    const { metrics } = await settlePorts({ peers: 0, control: 0, metrics: 0, admin: 0 });
    const program = runProgram('healthcheck', '--url', `http://127.0.0.1:${metrics}/readyz`);
    await program.line('stderr', /ECONNREFUSED/);
    expect(await program.ended).to.equal(1);
  });

  it('exits 2 on a URL that is none', async () => {
    expect(await runProgram('healthcheck', '--url', 'nowhere').ended).to.equal(2);
  });
});
