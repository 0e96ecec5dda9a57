import { existsSync, statSync } from 'node:fs';
import { expect } from 'chai';
import { edgeFiles } from '../../envoy/render.js';
import { runLimited, runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';

describe('ws-proxy envoy render', () => {
  const scratch = new Scratch();
  const dir = scratch.path('envoy');
  const needed = ['--dir', dir, '--server-cert', 'tls/a.pem', '--server-key', 'tls/a.key', '--client-ca', 'ca.pem'];
  after(() => scratch.remove());

  it('writes every file and says where the bootstrap is', async () => {
    const program = runProgram('envoy', 'render', ...needed, '-o', 'json');
    expect(JSON.parse(await program.line('stdout', /bootstrap/))).to.deep.equal({ bootstrap: `${dir}/envoy.yaml` });
    expect(await program.ended).to.equal(0);
    for (const name of edgeFiles) expect(existsSync(`${dir}/${name}`), name).to.equal(true);
  });

  it('leaves alone what would not change, so that no websocket is closed for nothing', async () => {
    const before = statSync(`${dir}/lds.yaml`).ino;
    expect(await runProgram('envoy', 'render', ...needed).ended).to.equal(0);
    expect(statSync(`${dir}/lds.yaml`).ino).to.equal(before);
  });

  it('says how many open files Envoy needs, where the limit is lower', async () => {
    const flags = ['--max-connections', '1000'];
    const few = runLimited(1000, 'envoy', 'render', ...needed, ...flags);
    expect(await few.line('stderr', /warning/)).to.match(/^warning: Envoy needs 2512 open files .* LimitNOFILE/);
    expect(await few.ended).to.equal(0);
    const enough = runLimited(2512, 'envoy', 'render', ...needed, ...flags);
    expect(await enough.ended).to.equal(0);
    expect(await enough.line('stderr', /./).catch(() => 'nothing')).to.equal('nothing');
  });

  const faults: [string, string[], number, RegExp][] = [
    ['a port out of range', ['--peers-port', '65536'], 2, /port from 0 to 65535/],
    ['a path prefix without its slashes', ['--path-prefix', 'fleet'], 2, /does not begin with \//],
    ['no connections at all', ['--max-connections', '0'], 2, /It is not a whole number from 1 to 9999999/],
    ['a stats port without an admin port', ['--stats-port', '1', '--admin-port', '0'], 2, /adminPort must not be 0/],
    ['a socket path that is too long', ['--service-socket', `/${'x'.repeat(110)}`], 2, /shorter folder/],
    ['a name of the host that has a port', ['--stats-names', 'a.example:1'], 2, /name of a host, without a port/],
    ['an unknown form of output', ['-o', 'xml'], 2, /text or json/],
  ];
  for (const [name, flags, code, words] of faults) {
    it(`refuses ${name}`, async () => {
      const program = runProgram('envoy', 'render', ...needed, ...flags);
      await program.line('stderr', words);
      expect(await program.ended).to.equal(code);
    });
  }
});
