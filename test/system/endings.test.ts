import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { documentedPolicy } from '../support/documented-policy.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { PREFIX, useStack } from '../support/stack.js';

/** Longest time until a peer that lost its right is ended, milliseconds. */
const OVERSTAY = 2_000;
const WAIT_MS = 8_000;
const NOBODY = 'version: 1\ndeny: []\n';

/** A rule for a test of its own, beside those of the documents. */
function withRule(rule: string): string {
  return documentedPolicy().replace('rules:\n', `rules:\n  - ${rule}\n`);
}

describe('endings: expiry, deny list, policy', () => {
  const stack = useStack((scratch) => ({
    flags: {
      policy: scratch.write('policy.yaml', documentedPolicy()),
      'deny-list': scratch.write('deny.yaml', NOBODY),
      'audit-log': scratch.path('audit.log'),
    },
  }));
  let manager: IssuedCertificate;
  before(() => {
    manager = stack().issue('manager');
  });

  /** Puts a policy in force; resolves when it is in force. */
  async function enforce(policy: string): Promise<void> {
    const before = reloads();
    stack().scratch.replace('policy.yaml', policy);
    await waitFor('no reload', WAIT_MS, new AbortController().signal, async () =>
      reloads() > before ? true : undefined,
    );
  }

  function reloads(): number {
    return stack().log.filter((line) => line.includes('"reloaded"')).length;
  }

  /** The lines of the audit log, each of which must be one JSON object. */
  function audit(act: string): Record<string, unknown>[] {
    const lines = readFileSync(stack().scratch.path('audit.log'), 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((entry) => entry['act'] === act);
  }

  function shortLived(cn: string, seconds: number): { readonly credential: IssuedCertificate; readonly ends: number } {
    const ends = (Math.floor(Date.now() / 1000) + seconds) * 1000;
    const subject = [
      ['2.5.4.10', 'Acme'],
      ['2.5.4.11', 'gateway'],
      ['2.5.4.3', cn],
    ] as const;
    return { credential: stack().authority.issue({ subject, notAfter: new Date(ends) }), ends };
  }

  it('a certificate that expires while connected is ended within 2 s: 4401; and one that expires on the way in: 401', async () => {
    const { credential, ends } = shortLived('gw-1', 2);
    const [gateway, partner] = await stack().pair('sub/7/gw-1', credential, manager);
    const late = await stack().line(credential);
    expect(await gateway.closed).to.deep.equal({ code: 4401, reason: 'the client certificate has expired' });
    expect(Date.now() - ends).to.be.within(0, OVERSTAY);
    expect((await partner.closed).reason).to.equal('the peer websocket disconnected');
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key];
    late.write(`GET ${PREFIX}sub/7/gw-1 HTTP/1.1`, 'Host: localhost', ...upgrade, '', '');
    expect(await late.until(/\}\n$/)).to.match(/^HTTP\/1\.1 401 .*"reason":"certificate_expired"/s);
  });

  it('whoever is put on the deny list is ended: 4402, and refused: 403; the rest stay', async () => {
    const gateway = stack().gateway('gw-1');
    const [denied] = await stack().pair('sub/7/gw-1', gateway, manager);
    const [other, otherManager] = await stack().pair('sub/7/gw-2', stack().gateway('gw-2'), manager);
    stack().scratch.replace('deny.yaml', "version: 1\ndeny: [{ subject: 'CN=gw-1,OU=gateway,O=Acme' }]\n");
    expect(await denied.closed).to.deep.equal({ code: 4402, reason: 'the client certificate is revoked' });
    const told = await stack().refused(gateway, `${PREFIX}sub/7/gw-1`);
    expect(told).to.include({ status: 403, reason: 'certificate_revoked', retry: 'never' });
    other.send('still here');
    expect(await otherManager.next()).to.equal('still here');
    stack().scratch.replace('deny.yaml', NOBODY);
    await waitFor('the deny list stayed', WAIT_MS, new AbortController().signal, async () => {
      const upgrade = await stack()
        .open(gateway, 'sub/7/gw-1')
        .catch(() => undefined);
      return upgrade === undefined ? undefined : true;
    });
  });

  it('a policy that takes the right away ends the session: 4403, and no other', async () => {
    const [gateway] = await stack().pair('sub/7/gw-1', stack().gateway('gw-1'), manager);
    const [other, otherManager] = await stack().pair('sub/7/gw-2', stack().gateway('gw-2'), manager);
    await enforce(withRule("{ name: no more, effect: deny, match: { subject: { CN: gw-1 } }, meetups: ['sub/**'] }"));
    expect(await gateway.closed).to.deep.equal({ code: 4403, reason: 'the policy does not allow this' });
    expect(await stack().refused(stack().gateway('gw-1'), `${PREFIX}sub/7/gw-1`)).to.include({
      reason: 'policy_denied',
    });
    other.send('still here');
    expect(await otherManager.next()).to.equal('still here');
    await enforce(documentedPolicy());
  });

  it('a policy that takes the right of both peers away tells both so', async () => {
    const both = await stack().pair('sub/7/gw-1', stack().gateway('gw-1'), manager);
    await enforce(withRule("{ name: closed, effect: deny, match: { subject: { O: Acme } }, meetups: ['sub/**'] }"));
    for (const { closed } of both) expect((await closed).code).to.equal(4403);
    await enforce(documentedPolicy());
  });

  it('a policy file with a fault changes nothing, and the log says where the fault is', async () => {
    const [gateway, partner] = await stack().pair('sub/7/gw-1', stack().gateway('gw-1'), manager);
    stack().scratch.replace('policy.yaml', documentedPolicy().replace('role: gateway', 'role: gatewy'));
    const line = await stack().service.line('stdout', /policy\.yaml:\d+:\d+: /);
    expect(line).to.contain('rules[0].role').and.to.contain('last good version');
    gateway.send('still here');
    expect(await partner.next()).to.equal('still here');
    expect(await stack().refused(stack().gateway('gw-1'), `${PREFIX}sub/7/gw-2`)).to.include({
      reason: 'policy_denied',
    });
    await enforce(`${documentedPolicy()}\n# whole again\n`);
  });

  it('mode: audit lets in what would be denied, and log and audit log say why it would be', async () => {
    await enforce(documentedPolicy().replace('mode: enforce', 'mode: audit'));
    const client = await stack().open(stack().gateway('gw-1'), 'sub/7/gw-9');
    client.hello();
    const line = await stack().service.line('stdout', /"would_deny":/);
    expect(JSON.parse(line)).to.include({ meetup: 'sub/7/gw-9', subject: 'CN=gw-1,OU=gateway,O=Acme' });
    const written = await waitFor('no audit line', WAIT_MS, new AbortController().signal, async () =>
      audit('admit').find((entry) => 'would_deny' in entry),
    );
    expect(written['would_deny']).to.contain('{gateway} is "gw-9", not subject.CN ("gw-1")');
    await enforce(documentedPolicy());
    expect(await client.closed).to.include({ code: 4403 });
  });

  it('who stays above the rate of its rule is ended: 4429', async () => {
    await enforce(documentedPolicy().replace('messagesPerSecond: 200', 'messagesPerSecond: 5'));
    const [gateway, partner] = await stack().pair('sub/7/gw-1', stack().gateway('gw-1'), manager);
    for (let i = 0; i < 200; i += 1) gateway.send(`${i}`);
    expect(await gateway.closed).to.deep.equal({ code: 4429, reason: 'too many messages or bytes' });
    expect((await partner.closed).code).to.equal(1002);
    await enforce(documentedPolicy());
  });

  it('one connection more than the rule allows a certificate: 429 identity_full, and room again when one went', async () => {
    const gateway = stack().gateway('gw-1');
    const one = await stack().open(gateway, 'sub/7/gw-1');
    const two = await stack().open(gateway, 'sub/8/gw-1');
    const told = await stack().refused(gateway, `${PREFIX}sub/9/gw-1`);
    expect(told).to.include({ status: 429, reason: 'identity_full', retry: 'later', retryAfter: '20' });
    await Promise.all([one.terminate(), two.terminate()]);
    await waitFor('no room', WAIT_MS, new AbortController().signal, () =>
      stack()
        .open(gateway, 'sub/9/gw-1')
        .catch(() => undefined),
    );
  });

  it('the audit log has a line for each admission, pair, ending and refusal, with who, where, why and how much', async () => {
    const [gateway, partner] = await stack().pair('sub/7/gw-audit', stack().gateway('gw-audit'), manager);
    gateway.send('body that no log may hold');
    await partner.next();
    gateway.ws.close(1000, 'done');
    await partner.closed;
    await stack().refused(stack().gateway('gw-1'), `${PREFIX}sub/7/gw-audit`);
    const mine = (act: string) => audit(act).filter(({ meetup }) => meetup === 'sub/7/gw-audit');
    await waitFor('no audit lines', WAIT_MS, new AbortController().signal, async () =>
      mine('end').length === 2 && mine('refuse').length === 1 ? true : undefined,
    );
    expect(mine('admit').map(({ role }) => role)).to.have.members(['gateway', 'manager']);
    expect(mine('pair')).to.have.length(1);
    expect(mine('end').map(({ reason }) => reason)).to.have.members(['closed_by_peer', 'peer_disconnected']);
    expect(mine('end')[0]).to.include({ messagesIn: 2, detail: 'done' }).and.to.have.property('duration_ms');
    expect(mine('refuse')[0]).to.include({ reason: 'policy_denied', status: 403 });
    expect(readFileSync(stack().scratch.path('audit.log'), 'utf8')).not.to.contain('body that no log may hold');
  });
});
