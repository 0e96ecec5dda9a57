import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { ListedMeetup } from '../../peer/many/listed-meetup.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { ask, reasonOf } from '../support/peers.js';
import { type Program, runProgram } from '../support/program.js';
import { useStack } from '../support/stack.js';

const GATEWAYS = ['one', 'two', 'three'];

describe('ws-proxy peer bridge --many through the real Envoy', function () {
  // Processes start.
  this.timeout(60_000);
  const programs: Program[] = [];
  const stack = useStack((own) => ({ flags: { policy: own.write('policy.yaml', documentedPolicy()) } }));

  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.stop('SIGKILL')));
  });

  function peer(command: string, name: string, meetup: string, ...args: readonly string[]): Program {
    const { scratch, prefix, port, ca } = stack();
    const { key, certificate } = command === 'gateway' ? stack().gateway(name) : stack().issue(name);
    const cert = scratch.write(`${name}.pkeycert.pem`, key + certificate);
    const files = ['--cert', cert, '--ca', scratch.write('many-root.pem', ca)];
    const url = `wss://localhost:${port}${prefix}${meetup}`;
    const program = runProgram('peer', command, '--url', url, ...files, ...args);
    programs.push(program);
    return program;
  }

  it('serves three gateways from one process, each by its id, and is refused where the policy says so', async () => {
    const api = createServer((request, response) => response.end(`${request.headers['x-for']} ${request.url}`));
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    for (const name of GATEWAYS) peer('gateway', name, `sub/7/${name}`, '--upstream', `${upstream}/of-${name}`);
    const bridge = peer('bridge', 'manager', '', '--many', '--listen', '0', '--wait', '30s');
    const http = /http=(\S+)/.exec(await bridge.line('stdout', /^listening /))?.[1] ?? '';
    const answers = await Promise.all(
      GATEWAYS.map((name) => ask(`${http}/sub/7/${name}/-/v1/leases?all`, { headers: ['X-For', name] })),
    );
    expect(answers.map(({ status, body }) => `${status} ${body}`)).to.deep.equal(
      GATEWAYS.map((name) => `200 ${name} /of-${name}/v1/leases?all`),
    );
    const sessions = new Set(answers.map(({ headers }) => headers['ws-proxy-session']));
    expect(sessions.size).to.equal(GATEWAYS.length);
    const byHeader = await ask(`${http}/x`, { headers: ['Ws-Proxy-Meetup', 'sub/7/two', 'X-For', 'header'] });
    expect(byHeader.body.toString()).to.equal('header /of-two/x');
    const elsewhere = await ask(`${http}/elsewhere/7/-/x`);
    expect([elsewhere.status, reasonOf(elsewhere)]).to.deep.equal([502, 'meetup_refused']);
    expect(elsewhere.body.toString()).to.contain('"label":"policy_denied"');
    await bridge.line('stderr', /^peer: meetup elsewhere\/7: ATTENTION: .*policy_denied.*later call$/);
    const list = JSON.parse((await ask(`${http}/-/meetups`)).body.toString()) as { readonly meetups: ListedMeetup[] };
    expect(list.meetups.map(({ id, state }) => `${id} ${state}`)).to.have.members([
      ...GATEWAYS.map((name) => `sub/7/${name} idle`),
      'elsewhere/7 refused',
    ]);
    expect(await bridge.stop()).to.equal(0);
    api.close();
  });
});
