import { expect } from 'chai';
import { Guard } from '../../../proxy/door/guard.js';
import { UnusableFile } from '../../../proxy/policy/lists/last-good-file.js';
import { Calls } from '../../support/calls.js';
import { Core } from '../../support/core.js';
import { Scratch } from '../../support/scratch.js';

const policyFor = (...meetups: string[]): string =>
  `version: 1\nrules:\n  - { name: r, match: any, meetups: ${JSON.stringify(meetups)} }\n`;

describe('door: the guard', () => {
  const scratch = new Scratch();
  const core = new Core();
  const calls = new Calls<string>();
  let guard: Guard | undefined;

  const open = (policy: string, denyList?: string): Promise<Guard> =>
    Guard.open({
      files: { policy, denyList, crl: undefined, crlCa: undefined, crlStage: undefined },
      clock: core.clock,
      steering: core.steering,
      listener: {
        loaded: (file) => calls.add(`loaded ${file}`),
        reloaded: (file, ended) => calls.add(`reloaded ${file} ${ended}`),
        refused: (file, why) => calls.add(`refused ${file} ${why.replace(scratch.directory, '')}`),
        waiting: (why) => calls.add(`waiting ${why}`),
      },
    });

  after(async () => {
    await guard?.close();
    core.leaks();
    scratch.remove();
  });

  it('tells of what is in force at the start, and ends whoever a later version does not allow, counted', async () => {
    const policy = scratch.write('policy.yaml', policyFor('a', 'b'));
    const denyList = scratch.write('deny.yaml', 'version: 1\ndeny: []\n');
    guard = await open(policy, denyList);
    expect([await calls.next(), await calls.next()]).to.deep.equal(['loaded policy', 'loaded crl']);
    const [stays, goes, denied] = [{ meetupId: 'a' }, { meetupId: 'b' }, { meetupId: 'a' }].map((at) => core.join(at));
    scratch.replace('policy.yaml', policyFor('a'));
    expect([await calls.next(), await calls.next()]).to.deep.equal(['loaded policy', 'reloaded policy 1']);
    expect(goes?.socket.closedWith?.code).to.equal(4403);
    const fingerprint = denied?.peer.admission.identity.fingerprint;
    scratch.replace('deny.yaml', `version: 1\ndeny: [{ fingerprint: '${fingerprint}' }]\n`);
    expect([await calls.next(), await calls.next()]).to.deep.equal(['loaded deny_list', 'reloaded deny_list 1']);
    expect(denied?.socket.closedWith?.code).to.equal(4402);
    expect(guard.ended).to.equal(2);
    // The other peer sat with the ended one.
    expect(stays?.socket.closedWith?.code).to.equal(1002);
    scratch.replace('policy.yaml', 'version: 1\nrules: 1\n');
    expect(await calls.next()).to.contain('refused policy /policy.yaml:2:1: rules: expected array');
    expect(calls.unread).to.equal(0);
  });

  it('does not begin without a good version', async () => {
    const broken = scratch.write('broken.yaml', 'version: 1\nrules: 1\n');
    expect(await open(broken).catch((error: unknown) => error)).to.be.instanceOf(UnusableFile);
  });
});
