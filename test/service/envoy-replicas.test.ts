import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { runProgram } from '../support/program.js';
import { Scratch } from '../support/scratch.js';

/** A replica on this machine as the flags have it. */
function replica(name: string, port = 9464): string {
  return `${name}=unix:/run/${name}.sock,health=127.0.0.1:${port},control=unix:/run/${name}.control.sock`;
}

describe('ws-proxy envoy replicas', () => {
  let scratch: Scratch;
  let dir = '';

  beforeEach(() => {
    scratch = new Scratch();
    dir = scratch.path('envoy');
  });
  afterEach(() => scratch.remove());

  /** Runs a command of `ws-proxy envoy` and gives its exit code with the error that it told. */
  async function envoy(...args: string[]): Promise<{ code: number | null; text: string }> {
    const program = runProgram('envoy', ...args);
    const told = program.line('stderr', /^error: /).catch(() => '');
    return { code: await program.ended, text: await told };
  }

  function render(...flags: string[]) {
    const tls = ['--server-cert', 'tls/a.pem', '--server-key', 'tls/a.key', '--client-ca', 'ca.pem'];
    return envoy('render', '--dir', dir, ...tls, ...flags);
  }

  async function list(): Promise<{ name: string; health: string }[]> {
    const program = runProgram('envoy', 'replicas', 'list', '--dir', dir, '-o', 'json');
    return JSON.parse(await program.line('stdout', /^\[/));
  }

  async function names(): Promise<string> {
    return (await list()).map(({ name }) => name).join(' ');
  }

  it('lists those of render, and prints them as add takes them', async () => {
    expect((await render('--replica', replica('r2'), '--replica', replica('r1'))).code).to.equal(0);
    expect(await list()).to.deep.equal(
      ['r1', 'r2'].map((name) => ({
        name,
        peers: `unix:/run/${name}.sock`,
        health: '127.0.0.1:9464',
        control: `unix:/run/${name}.control.sock`,
      })),
    );
    const program = runProgram('envoy', 'replicas', 'list', '--dir', dir);
    expect(await program.line('stdout', /^r1=/)).to.equal(replica('r1'));
  });

  it('adds, replaces by name and removes, and render leaves its list alone unless it names replicas', async () => {
    expect((await render('--fleet')).code).to.equal(0);
    expect(await names()).to.equal('');
    expect((await envoy('replicas', 'add', replica('r1'), replica('r2'), '--dir', dir)).code).to.equal(0);
    expect((await envoy('replicas', 'add', replica('r2', 9999), '--dir', dir)).code).to.equal(0);
    expect((await list()).map(({ name, health }) => `${name} ${health}`)).to.deep.equal([
      'r1 127.0.0.1:9464',
      'r2 127.0.0.1:9999',
    ]);
    expect((await envoy('replicas', 'remove', 'r1', '--dir', dir)).code).to.equal(0);
    expect((await render('--fleet')).code).to.equal(0);
    expect(await names()).to.equal('r2');
    expect((await render('--replica', replica('r7'))).code).to.equal(0);
    expect(await names()).to.equal('r7');
  });

  it('loses none of many that enter themselves at one time', async () => {
    await render('--fleet');
    const all = Array.from({ length: 6 }, (_, n) => `r${n}`);
    const added = await Promise.all(all.map((name) => envoy('replicas', 'add', replica(name), '--dir', dir)));
    expect(added.map(({ code }) => code)).to.deep.equal(all.map(() => 0));
    expect(await names()).to.equal(all.join(' '));
    expect(existsSync(`${dir}/.replicas.lock`)).to.equal(false);
  });

  it('goes on where a command that was killed left its lock', async () => {
    await render('--fleet');
    writeFileSync(`${dir}/.replicas.lock`, '1\n');
    utimesSync(`${dir}/.replicas.lock`, 0, 0);
    expect((await envoy('replicas', 'add', replica('r1'), '--dir', dir)).code).to.equal(0);
    expect(await names()).to.equal('r1');
  });

  it('changes several folders, one for each Envoy', async () => {
    await render('--fleet');
    const first = dir;
    dir = scratch.path('second');
    await render('--fleet');
    expect((await envoy('replicas', 'add', replica('r1'), '--dir', first, '--dir', dir)).code).to.equal(0);
    for (const name of ['rendezvous', 'control']) {
      expect(readFileSync(`${dir}/eds/${name}.yaml`, 'utf8')).to.equal(
        readFileSync(`${first}/eds/${name}.yaml`, 'utf8'),
      );
    }
  });

  it('touches no file when nothing changes', async () => {
    await render('--replica', replica('r1'));
    const before = statSync(`${dir}/eds/rendezvous.yaml`).ino;
    await envoy('replicas', 'add', replica('r1'), '--dir', dir);
    expect(statSync(`${dir}/eds/rendezvous.yaml`).ino).to.equal(before);
  });

  it('is alone again when it is rendered without replicas', async () => {
    await render('--replica', replica('r1'));
    await render();
    expect(existsSync(`${dir}/eds/rendezvous.yaml`)).to.equal(false);
    expect((await envoy('replicas', 'list', '--dir', dir)).text).to.match(
      /has no list of replicas: render it with --fleet/,
    );
  });

  it('says what is wrong, and changes nothing', async () => {
    await render('--replica', replica('r1'));
    const before = await list();
    for (const [args, code, words] of [
      [['add', 'r2', '--dir', dir], 2, /it has the form NAME=ADDRESS/],
      [
        ['add', replica('r2').replace('r2.sock', 'r1.sock'), '--dir', dir],
        2,
        /r1 and r2 are both at unix:\/run\/r1\.sock/,
      ],
      [
        ['add', 'r2=10.0.0.2:5443,health=10.0.0.2:9464', '--dir', dir],
        2,
        /beyond this machine, so it needs mutual TLS/,
      ],
      [['remove', 'r9', '--dir', dir], 2, /there is no replica "r9"; there are: r1/],
      [['remove', 'r1', '--dir', scratch.path('none')], 2, /none is not there: name the folder of envoy render/],
      [['list', '--dir', scratch.directory], 2, /has no list of replicas: render it with --fleet/],
      [['add', replica('r2')], 2, /required option '--dir <path>'/],
    ] as const) {
      const { code: got, text } = await envoy('replicas', ...args);
      expect(text, args.join(' ')).to.match(words);
      expect(got, args.join(' ')).to.equal(code);
    }
    expect(await list()).to.deep.equal(before);
    scratch.write('envoy/eds/rendezvous.yaml', 'resources: []\n');
    expect((await envoy('replicas', 'list', '--dir', dir)).text).to.match(/has a list that ws-proxy did not write/);
  });

  it('renders no fleet that cannot be', async () => {
    const there = 'r1=10.0.0.1:5443,health=10.0.0.1:9464';
    for (const [flags, words] of [
      [['--replica', 'r1'], /it has the form NAME=ADDRESS/],
      [['--replica', replica('r1'), '--replica', replica('r1')], /two replicas have the name r1/],
      [['--replica', there], /needs mutual TLS: render with --replica-cert, --replica-key/],
      [['--replica', there, '--replica-cert', 'tls/c.pem'], /--replica-name are given together/],
      [['--replica-ca', 'ca.pem', '--replica-cert', 'a', '--replica-key', 'b', '--replica-name', 'c'], /or --fleet/],
      [['--fleet', '--service-socket', '/run/p.sock'], /--service-socket is for one service alone/],
      [['--replica', replica('r1'), '--control-socket', '/run/c.sock'], /--control-socket is for one service alone/],
    ] as const) {
      const { code, text } = await render(...flags);
      expect(text, flags.join(' ')).to.match(words);
      expect(code).to.equal(2);
      expect(existsSync(`${dir}/envoy.yaml`)).to.equal(false);
    }
  });
});
