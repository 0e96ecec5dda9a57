import { expect } from 'chai';
import { type PolicySource, policyControl } from '../../../proxy/control/policy-control.js';

describe('control: the policy', () => {
  it('any-verified is one rule, in force since the start, and there is nothing to read again', async () => {
    const control = policyControl({ source: 'any-verified', file: undefined, startedAt: 5, ended: () => 3 });
    const info = { source: 'any-verified', digest: '', rules: 1, loadedAt: 5, lastError: '' };
    expect(control.info()).to.deep.equal(info);
    expect(await control.reload()).to.deep.equal({ ok: { changed: false, endedConnections: 0 } });
  });

  it('of a file it tells what is in force and why a later version is not, and how many connections a reload ended', async () => {
    let ended = 7;
    const file: Record<string, unknown> & NonNullable<PolicySource['file']> = {
      ...{ digest: 'abc', ruleCount: 2, loadedAt: 9, fault: 'policy.yaml:1:1: rules: expected array' },
      reload: async () => {
        ended += 4;
        return { changed: true };
      },
    };
    const control = policyControl({ source: 'policy.yaml', file, startedAt: 5, ended: () => ended });
    const info = { source: 'policy.yaml', digest: 'abc', rules: 2, loadedAt: 9, lastError: file.fault };
    expect(control.info()).to.deep.equal(info);
    expect(await control.reload()).to.deep.equal({ ok: { changed: true, endedConnections: 4 } });
    file['reload'] = async () => ({ refused: 'broken' });
    expect(await control.reload()).to.deep.equal({ refused: 'broken' });
  });
});
