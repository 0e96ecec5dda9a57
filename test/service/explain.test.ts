import { expect } from 'chai';
import { runProgram } from '../support/program.js';
import { RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';

describe('ws-proxy explain', () => {
  const scratch = new Scratch();
  const certificate = scratch.write('gw.pem', new RawAuthority().issue({ subject: [['2.5.4.3', 'gw-1']] }).certificate);
  const policy = scratch.write(
    'policy.yaml',
    "version: 1\nrules: [{ name: own, match: any, meetups: ['gw/{id}'], bind: { id: subject.CN } }]\n",
  );
  after(() => scratch.remove());

  it('exits 0 when allowed', async () => {
    const program = runProgram('explain', certificate, 'gw/gw-1', '--policy', policy);
    expect(await program.line('stdout', /./)).to.equal('ALLOW');
    expect(await program.ended).to.equal(0);
  });

  it('exits 1 when denied, and -o json is JSON', async () => {
    const program = runProgram('explain', certificate, 'gw/gw-2', '--policy', policy, '-o', 'json');
    expect(await program.line('stdout', /"label"/)).to.contain('policy_denied');
    expect(await program.ended).to.equal(1);
  });

  it('finds the meetup below another prefix', async () => {
    const below = (prefix: string, url: string): Promise<number | null> =>
      runProgram('explain', certificate, url, '--policy', policy, '--path-prefix', prefix).ended;
    expect(await below('/fleet/', 'wss://host:5050/fleet/gw/gw-1')).to.equal(0);
    expect(await below('/fleet/', 'wss://host:5050/micronets/v1/ws-proxy/gw/gw-1')).to.equal(1);
    expect(await below('/fleet', 'gw/gw-1')).to.equal(2);
  });

  it('exits 2 when a file cannot be used, or an argument is missing', async () => {
    const broken = runProgram('explain', certificate, 'gw/gw-1', '--policy', certificate);
    expect(await broken.line('stderr', /error/)).to.match(/^error: .*gw\.pem:\d+:\d+: /);
    expect(await broken.ended).to.equal(2);
    expect(await runProgram('explain', certificate).ended).to.equal(2);
  });
});
