import { expect } from 'chai';
import { register } from '../../admin/cluster.js';
import { UNREADABLE } from '../../proxy/cluster/store.js';
import { type Ran, runCommand } from '../support/command.js';
import { startNats, type TestNats } from '../support/nats.js';
import { claimOf, natsSettings, recordOf, useNatsClients, writtenIn } from '../support/nats-client.js';
import { rawNats, useRawNats } from '../support/nats-raw.js';
import { runProgramWith } from '../support/program.js';
import { Scratch } from '../support/scratch.js';

describe('ws-proxy cluster', function () {
  this.timeout(20_000);
  const open = useNatsClients();
  useRawNats();
  let nats: TestNats;
  let scratch: Scratch;
  beforeEach(async () => {
    nats = await startNats();
    scratch = new Scratch();
  });
  afterEach(async () => {
    await nats.remove();
    scratch.remove();
  });

  function cluster(...line: string[]): Promise<Ran> {
    return runCommand(register, ['cluster', ...line], { WS_PROXY_NATS: nats.url });
  }

  async function answered(...line: string[]): Promise<string> {
    const { out, failure } = await cluster(...line);
    expect(failure, JSON.stringify(failure)).to.equal(undefined);
    return out;
  }

  it('init makes the streams, and makes nothing twice', async () => {
    expect(await answered('init')).to.equal('WSP_CLAIMS: made (1 server, file)\nWSP_BLOCKS: made (1 server, file)\n');
    expect(await answered('init', '--nats-storage', 'memory')).to.match(
      /^WSP_CLAIMS: as it must be \(1 server, file\)$/m,
    );
    const { jsm } = await rawNats(nats);
    const { config } = await jsm.streams.info('WSP_CLAIMS');
    expect(config.first_seq).to.be.greaterThan(1_700_000_000_000_000);
  });

  it('init mends what somebody made otherwise, and what is in it stays', async () => {
    const { js, jsm } = await rawNats(nats);
    await jsm.streams.add({ name: 'WSP_CLAIMS', subjects: ['wsp.claim.*'], discard: 'old', max_msgs_per_subject: 5 });
    await js.publish('wsp.claim.ab', '{}');
    const out = await answered('init');
    expect(out).to.match(/^WSP_CLAIMS: altered \(1 server, file\): /);
    expect(out).to.include('subjects was wsp.claim.*, must be wsp.claim.*, wsp.replica.*');
    for (const setting of ['discard was old, must be new', 'allow_direct was false', 'max_msgs_per_subject was 5']) {
      expect(out).to.include(setting);
    }
    expect((await jsm.streams.info('WSP_CLAIMS')).state.messages).to.equal(1);
    expect(await answered('init')).to.match(/^WSP_CLAIMS: as it must be/);
    const one = open(natsSettings(nats));
    await one.turns(true);
    writtenIn(await one.store.putRecord('a-1', recordOf('a'), 0));
  });

  it('init says why a stream cannot be made', async () => {
    const { failure } = await cluster('init', '--nats-replicas', '3');
    expect(failure?.exitCode).to.equal(1);
    expect(failure?.message).to.match(/^the stream WSP_CLAIMS: .*--nats-replicas/);
  });

  it('status tells of streams, replicas, claims and what was left behind', async () => {
    const missing = JSON.parse(await answered('status', '-o', 'json'));
    expect(missing.streams).to.deep.equal([
      { name: 'WSP_CLAIMS', t: 'missing' },
      { name: 'WSP_BLOCKS', t: 'missing' },
    ]);
    const one = open(natsSettings(nats));
    await one.turns(true);
    const { store } = one;
    writtenIn(await store.putRecord('b-1', recordOf('b'), 0));
    const first = writtenIn(await store.putRecord('a-1', recordOf('a'), 0));
    writtenIn(await store.putRecord('c-1', { format: 1, dead: 'a-1' }, 0));
    for (const [id, owner] of [
      ['1', 'a-1'],
      ['2', 'a-1'],
      ['3', 'b-1'],
      ['4', 'c-1'],
      ['5', UNREADABLE],
    ] as const) {
      writtenIn(await store.putClaim(id, claimOf(owner), 0));
    }
    writtenIn(await store.putRecord('a-1', recordOf('a'), first));
    const told = JSON.parse(await answered('status', '-o', 'json'));
    expect(told).to.include({ claims: 5, leftovers: 2, dead: 1, isWhole: true });
    expect(told.server).to.include({ version: '2.15.1' });
    expect(told.streams[0]).to.include({ name: 'WSP_CLAIMS', messages: 8, servers: 1, storage: 'file' });
    const { age, ...replica } = told.replicas[0];
    expect(age).to.be.within(0, 20_000);
    const { format: _, control: __, ...record } = recordOf('a');
    expect(replica).to.deep.equal({ incarnation: 'a-1', ...record, claims: 2 });
    const plain = await answered('status');
    expect(plain).to.match(/^claims\t5, of which 2 name no living replica$/m);
    expect(plain).to.match(/^replicas\t2, and 1 declared dead/m);
    expect(plain).to.match(/^b\tb-1\tunix:\/run\/b\.sock\t1\.2\.3\tab12\t\d+\t1$/m);
  });

  it('status says which setting of a stream is wrong', async () => {
    const { jsm } = await rawNats(nats);
    await answered('init');
    await jsm.streams.update('WSP_BLOCKS', { allow_direct: false });
    expect(await answered('status')).to.match(
      /^WSP_BLOCKS\t0 values, .*; allow_direct was false, must be true: ws-proxy cluster init mends it$/m,
    );
  });

  it('takes the options of the service from its file, and its fleet by name', async () => {
    const config = scratch.write('ws-proxy.yaml', `nats: ${nats.url}\ncluster-name: lab\npolicy: any-verified\n`);
    const { out } = await runCommand(register, ['cluster', 'init', '--config', config]);
    expect(out).to.match(/^LAB_CLAIMS: made/);
    expect(await answered('status', '--cluster-name', 'lab')).to.match(/^LAB_CLAIMS\t0 values/m);
    expect(await answered('status')).to.match(/^WSP_CLAIMS\tmissing: ws-proxy cluster init makes it$/m);
  });

  it('ends with a line that says what to do, and the exit code that goes with it', async () => {
    const noFile = ['status', '--nats-user-file', scratch.path('none')];
    for (const [line, variables, exitCode, message] of [
      [['status'], {}, 2, /^give --nats: the servers of NATS, or --config/],
      [['status'], { WS_PROXY_NATS: 'nats://127.0.0.1:9' }, 5, /^NATS cannot be reached: connect ECONNREFUSED/],
      [noFile, { WS_PROXY_NATS: nats.url }, 2, /^--nats-user-file .*: no such file; check the path/],
      [['status', '--nats', 'x'], {}, 2, /^--nats: "x" is refused/],
      [['permissions', 'replica', '--cluster-name', 'A.b'], {}, 2, /^--cluster-name A\.b: no name of a fleet/],
    ] as const) {
      const { failure } = await runCommand(register, ['cluster', ...line], variables);
      expect(failure?.message).to.match(message);
      expect(failure?.exitCode, failure?.message).to.equal(exitCode);
    }
  });

  it('waits no longer than it is told to for a server that stands still', async () => {
    nats.freeze();
    const { failure } = await cluster('status', '--timeout', '300ms');
    nats.thaw();
    expect(failure).to.deep.equal({ message: 'NATS cannot be reached: no answer in time', exitCode: 5 });
  });

  it('prints the permissions of a fleet', async () => {
    const program = runProgramWith({}, 'cluster', 'permissions', 'replica', '--cluster-name', 'lab-2');
    await program.line('stdout', /"lab-2\.claim\.\*"/);
    expect(await program.ended).to.equal(0);
  });
});
