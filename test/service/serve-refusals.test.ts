import { join } from 'node:path';
import { expect } from 'chai';
import { Scratch } from '../support/scratch.js';
import { serve } from '../support/serve.js';

const FLEET = { policy: 'any-verified', nats: 'nats://127.0.0.1:1' };

describe('serve: what it does not start with', function () {
  // Processes start.
  this.timeout(20_000);
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  it('a socket in a folder that is not there is one line and exit code 1', async () => {
    const folder = scratch.path('folder');
    const other = serve({ listen: `unix:${join(folder, 's.sock')}`, 'metrics-port': '0', policy: 'any-verified' });
    expect(await other.line('stderr', /./)).to.match(/^error: --listen: .*its folder does not exist: make it first$/);
    expect(await other.ended).to.equal(1);
  });

  const wrong: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['a value that is none', { 'max-sessions': 'many' }, /^error: --max-sessions: "many" is refused/],
    ['no policy', {}, /^error: --policy is missing/],
    [
      'a policy file that is not there',
      { policy: '/nowhere/policy.yaml' },
      /^error: \/nowhere\/policy\.yaml: no such file; check the path \(--policy\)$/,
    ],
    ['a policy that is a folder', { policy: '/' }, /^error: \/: is a directory; name a file \(--policy\)$/],
    [
      'a deny list that is not there',
      { policy: 'any-verified', 'deny-list': '/nowhere/deny.yaml' },
      /^error: \/nowhere\/deny\.yaml: no such file; check the path \(--deny-list\)$/,
    ],
    ['NATS without a way for the others', { ...FLEET }, /^error: --nats: other replicas hand on/],
    [
      'a way for the others that none of them can dial',
      { ...FLEET, 'hop-listen': '0.0.0.0:0' },
      /^error: --advertise 0\.0\.0\.0:0: nobody can dial it/,
    ],
    [
      'an address of another kind than what listens',
      { ...FLEET, 'hop-listen': 'unix:hop.sock', advertise: '10.0.0.1:7443' },
      /^error: --advertise 10\.0\.0\.1:7443: it is of another kind than --hop-listen/,
    ],
    [
      'times of a fleet that do not fit each other',
      { ...FLEET, 'hop-listen': 'unix:hop.sock', 'cluster-dead': '6s' },
      /^error: --cluster-dead is 6s: it must be above 7s/,
    ],
    ['a route that is none', { policy: 'any-verified', 'trace-routes': 'x' }, /^error: .*"x"/],
  ];
  for (const [what, flags, line] of wrong) {
    it(`${what} is one line and exit code 2`, async () => {
      const other = serve({ listen: `unix:${scratch.path('x.sock')}`, 'metrics-port': '0', ...flags });
      expect(await other.line('stderr', /./)).to.match(line);
      expect(await other.ended).to.equal(2);
    });
  }
});
