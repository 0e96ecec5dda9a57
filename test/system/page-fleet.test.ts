import { expect } from 'chai';
import type { Answer } from '../../page/answer.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { startEdge, type TestEdge } from '../support/envoy.js';
import { RawAuthority } from '../support/raw-authority.js';
import { type RawAnswer, sendRaw } from '../support/raw-request.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';

const O = '2.5.4.10';
/** Requests of one viewer: by chance alone all of them go to one of two replicas once in 32,768 times. */
const REQUESTS = 16;

describe('the page of several replicas behind one Envoy', function () {
  this.timeout(30_000);
  const authority = new RawAuthority();
  const viewer = authority.issue({ subject: [[O, 'watch']] });
  const scratch = new Scratch();
  const services = new Map<string, Service>();
  let edge: TestEdge;

  before(async () => {
    const policy = scratch.write('policy.yaml', documentedPolicy({ watch: 'viewer' }));
    const replicas = await Promise.all(
      ['r1', 'r2'].map(async (name) => {
        const control = scratch.path(`${name}.control.sock`);
        const given = { replica: name, controlListen: `unix:${control}`, page: 'true', policy };
        const service = await startService(given);
        services.set(name, service);
        return {
          name,
          peers: { t: 'unix', path: service.socketPath },
          health: { host: '127.0.0.1', port: service.proxy.parts.metricsPort },
          control: { t: 'unix', path: control },
        } as const;
      }),
    );
    edge = await startEdge({ serviceSocket: scratch.path('none.sock'), authority, settings: { fleet: { replicas } } });
  });
  after(async () => {
    await edge?.stop();
    await Promise.all([...services.values()].map((service) => service.stop()));
    scratch.remove();
  });

  function ask(path: string, cookie = ''): Promise<RawAnswer> {
    return sendRaw({
      ...{ port: edge.ports.control, ca: authority.certificate, credential: viewer, method: 'GET', path },
      headers: cookie === '' ? [] : [`Cookie: ${cookie}`],
      ...{ upgrade: false, tls: { ALPNProtocols: ['http/1.1'] } },
    });
  }

  const replicaIn = ({ body }: RawAnswer): string => (JSON.parse(body) as Answer).service.replica;

  it('is that of one replica for as long as that one is there, and then of another', async () => {
    const document = await ask('/');
    const cookie = /^(ws-proxy-page=[^;]+);.*Secure/.exec(document.headers.get('set-cookie') ?? '')?.[1] ?? '';
    expect(cookie, 'the cookie').not.to.equal('');
    const first = replicaIn(await ask('/page/state', cookie));
    for (let n = 1; n < REQUESTS; n += 1) expect(replicaIn(await ask('/page/state', cookie))).to.equal(first);
    await services.get(first)?.stop();
    services.delete(first);
    const next = await ask('/page/state', cookie);
    expect(next.status).to.equal(200);
    expect(replicaIn(next)).not.to.equal(first);
  });
});
