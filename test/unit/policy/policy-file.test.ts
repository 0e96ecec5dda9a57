import { expect } from 'chai';
import { UnusableFile } from '../../../proxy/policy/lists/last-good-file.js';
import { PolicyFile } from '../../../proxy/policy/policy-file.js';
import type { Identity } from '../../../proxy/x509/identity.js';
import { Calls } from '../../support/calls.js';
import { Scratch } from '../../support/scratch.js';

const who: Identity = {
  fingerprint: 'a',
  serial: '1',
  notAfter: 2e9,
  subject: '',
  fields: [],
  issuer: 'CN=r',
  uris: [],
  dns: [],
};
const policyFor = (meetup: string): string =>
  `version: 1\nrules:\n  - { name: r, match: any, meetups: ['${meetup}'] }\n`;

describe('policy file', () => {
  let scratch: Scratch;
  let calls: Calls<string>;
  let policy: PolicyFile | undefined;

  beforeEach(() => {
    scratch = new Scratch();
    calls = new Calls();
  });
  afterEach(() => {
    policy?.close();
    policy = undefined;
    scratch.remove();
  });

  async function open(content: string): Promise<PolicyFile> {
    policy = await PolicyFile.open(scratch.write('policy.yaml', content), {
      changed: () => calls.add('changed'),
      refused: (why) => calls.add(why.replace(scratch.directory, '')),
    });
    return policy;
  }

  it('a change is in force when it is told', async () => {
    const file = await open(policyFor('a'));
    expect([file.decide(who, 'a').allowed, file.decide(who, 'b').allowed]).to.deep.equal([true, false]);
    scratch.replace('policy.yaml', policyFor('b'));
    expect(await calls.next()).to.equal('changed');
    expect([file.decide(who, 'a').allowed, file.decide(who, 'b').allowed]).to.deep.equal([false, true]);
  });

  it('while the file is broken the last good one is in force, and where it is broken is told', async () => {
    const file = await open(policyFor('a'));
    scratch.replace('policy.yaml', policyFor('a b'));
    const fault = await calls.next();
    expect(fault).to.match(/^\/policy.yaml:3:28: rules\[0\].meetups: "a b" can fit no meetup id/);
    expect(file.decide(who, 'a').allowed).to.equal(true);
    expect(file.fault?.replace(scratch.directory, '')).to.equal(fault);
    scratch.replace('policy.yaml', policyFor('a'));
    expect(await calls.next()).to.equal('changed');
    expect(file.fault).to.equal(undefined);
  });

  it('without a good one at the start there is no policy', async () => {
    const error = await open('version: 1\nrules: []\nrulez: 1\nmode: x\n').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UnusableFile);
    const lines = (error as Error).message.replaceAll(scratch.directory, '').split('\n');
    expect(lines).to.have.members([
      '/policy.yaml:3:1: rulez: is not a known key here',
      '/policy.yaml:4:1: mode: expected one of "enforce"|"audit"',
    ]);
  });
});
