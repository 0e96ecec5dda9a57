import { expect } from 'chai';
import { type ConnectOptions, connect, type Peer } from '../../library/peer/connect.js';
import { jsonOf } from '../../peer/body.js';
import { checks } from '../../peer/check/checks.js';
import { EXAMPLE_MEETUP, type ExampleScene } from './example-programs.js';
import type { Program } from './program.js';

/** The examples of one language, each as its command and the arguments before those that all have. */
export interface ExampleLanguage {
  readonly name: string;
  readonly gateway: readonly [string, ...string[]];
  readonly manager: readonly [string, ...string[]];
  readonly operator: readonly [string, ...string[]];
  /** Arguments that its operator has beside those that all have. */
  readonly contract?: readonly string[];
}

/** More than what libraries take in one message by themselves. */
const LARGE = { kind: 'binary', bytes: Buffer.alloc(2 * 1024 * 1024, 1) } as const;

/** The tests of a gateway, a manager and an operator in some language. */
export function itWorksIn(language: ExampleLanguage, scene: ExampleScene): void {
  const { name } = language;
  const gateway = (): Program => scene.run(...language.gateway, scene.url(), ...scene.files('gateway'));
  const manager = (...paths: readonly string[]): Program =>
    scene.run(...language.manager, scene.url(), ...scene.files('manager'), ...paths);
  const operator = (owner: string): Program =>
    scene.run(...language.operator, scene.control(), ...scene.files(owner), ...(language.contract ?? []));
  const peer = (owner: string, more: Partial<ConnectOptions> = {}): Peer => {
    const [cert, ca] = scene.files(owner);
    return connect({ url: scene.url(), credentials: { cert, ca }, peerClass: 'test', httpProxy: false, ...more });
  };

  it(`a gateway and a manager in ${name} meet, call, tell, and the gateway comes back for the next one`, async () => {
    gateway();
    for (let round = 0; round < 2; round += 1) {
      const asking = manager('/echo', '/bytes', '/none');
      const met = await asking.line('stdout', /^paired/);
      expect(met).to.equal(`paired with example-${name.toLowerCase()}-gateway`);
      expect(await asking.line('stdout', /^EVENT/)).to.match(/^EVENT:EXAMPLE:ready \{"paths": ?2\}$/);
      expect(await asking.line('stdout', /^\/echo/)).to.equal('/echo 200 null');
      expect(await asking.line('stdout', /^\/bytes/)).to.equal('/bytes 200 256 bytes');
      expect(await asking.line('stdout', /^\/none/)).to.match(/^\/none 404 \{"error": ?"no \/none here"\}$/);
      expect(await asking.ended).to.equal(0);
    }
  });

  it(`the gateway in ${name} answers a manager of the library, JSON and bytes as they were sent`, async () => {
    gateway();
    const asking = peer('manager');
    try {
      await asking.paired();
      const body = { kind: 'json', text: '{"n": 1.50}' } as const;
      const echoed = await asking.request({ method: 'POST', path: '/echo', body });
      expect([echoed.statusCode, jsonOf(echoed.body)]).to.deep.equal([200, { n: 1.5 }]);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
      const got = await asking.request({ method: 'GET', path: '/bytes' });
      expect(got.body).to.deep.include({ kind: 'binary', bytes });
      const back = await asking.request({ method: 'POST', path: '/echo', body: LARGE });
      expect(back.body.kind === 'binary' && back.body.bytes.equals(LARGE.bytes)).to.equal(true);
    } finally {
      await asking.stop();
    }
  });

  it(`the gateway in ${name} lets a second pass before it dials again`, async () => {
    gateway();
    const meet = async (): Promise<number> => {
      const met = peer('manager');
      await met.paired();
      const at = performance.now();
      await met.stop();
      return at;
    };
    const first = await meet();
    expect((await meet()) - first).to.be.at.least(1_000);
  });

  it(`ws-proxy peer check finds nothing wrong with the gateway in ${name}, which comes back`, async () => {
    gateway();
    const [cert, ca] = scene.files('manager');
    const flags = ['--url', scene.url(), '--cert', cert, '--ca', ca, '--silence', '1s', '--path', '/bytes'];
    const check = scene.own('peer', 'check', ...flags);
    for (const id of Object.keys(checks)) {
      const row = await check.line('stdout', new RegExp(`^${id} `));
      expect(row).to.match(id === 'requests' ? /^requests +not seen\b/ : new RegExp(`^${id} +ok\\b`));
    }
    expect(await check.ended).to.equal(0);
  });

  it(`the manager in ${name} takes an answer larger than what its library does by itself`, async () => {
    const answering = peer('gateway', { handler: () => ({ statusCode: 200, headers: [], body: LARGE }) });
    try {
      const asking = manager('/large');
      expect(await asking.line('stdout', /^\/large/)).to.equal(`/large 200 ${LARGE.bytes.length} bytes`);
      expect(await asking.ended).to.equal(0);
    } finally {
      await answering.stop();
    }
  });

  it(`the operator in ${name} lists who is there, and hears who comes`, async () => {
    const first = await scene.stack().open(scene.stack().gateway('gateway'), EXAMPLE_MEETUP);
    first.hello('gateway');
    const asking = operator('admin');
    await asking.line('stdout', /^live sub\/7\/gateway$/);
    await asking.line('stdout', /^SESSION_EVENT_TYPE_SNAPSHOT_DONE/);
    const second = await scene.stack().open(scene.stack().gateway('gw-2'), 'sub/7/gw-2');
    second.hello('gw-2');
    await asking.line('stdout', /^SESSION_EVENT_TYPE_ADDED sub\/7\/gw-2$/);
    const stranger = operator('gateway');
    await stranger.line('stderr', /\bPERMISSION_?DENIED: /i);
    expect(await stranger.ended).to.equal(1);
  });
}
