import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { signLists } from '../../certs/revocation.js';
import { waitFor } from '../../dev/wait.js';
import type { WssClient } from '../support/client.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { listText } from '../support/envoy.js';
import { Pki } from '../support/pki.js';
import { type IssuedCertificate, RawAuthority } from '../support/raw-authority.js';
import { Scratch } from '../support/scratch.js';
import { PREFIX, Stack } from '../support/stack.js';

/** Longest time until a peer that lost its right is ended, milliseconds. */
const OVERSTAY = 2_000;
const WAIT_MS = 8_000;

describe('endings: revocation', function () {
  this.timeout(20_000);
  let pki: Pki;
  let stack: Stack;
  let manager: IssuedCertificate;

  before(async () => {
    const scratch = new Scratch();
    pki = await Pki.make(scratch.directory);
    manager = await pki.issue('manager');
    const flags = { policy: scratch.write('policy.yaml', documentedPolicy()), ...pki.flags };
    stack = await Stack.start({ flags, settings: pki.settings, ca: await pki.ca }, scratch);
  });
  afterEach(() => stack.settle());
  after(() => stack.stop());

  async function pair(cn: string, gateway: IssuedCertificate): Promise<[WssClient, WssClient]> {
    return stack.pair(`sub/7/${cn}`, gateway, manager);
  }

  async function talks([one, two]: readonly [WssClient, WssClient]): Promise<void> {
    one.send('are you there?');
    expect(await two.next()).to.equal('are you there?');
  }

  it('ends the live connection within 2 s and lets the renewed certificate in; no other session is touched', async () => {
    const stolen = await pki.issue('gw-1', 'gateway');
    const renewed = await pki.issue('gw-1', 'gateway');
    const other = await pair('gw-2', await pki.issue('gw-2', 'gateway'));
    const [gateway, partner] = await pair('gw-1', stolen);
    // The seat is taken while the old connection lives.
    expect(await stack.refused(renewed, `${PREFIX}sub/7/gw-1`)).to.include({ reason: 'meetup_full' });

    await pki.revoke(stolen);
    const since = performance.now();
    expect(await gateway.closed).to.deep.equal({ code: 4402, reason: 'the client certificate is revoked' });
    expect(performance.now() - since).to.be.below(OVERSTAY);
    expect(await partner.closed).to.deep.equal({ code: 1002, reason: 'the peer websocket disconnected' });

    expect(await knock(stolen)).to.be.oneOf(['certificate_revoked', 'alert 44']);
    await waitFor('Envoy still took the certificate', WAIT_MS, new AbortController().signal, async () =>
      (await knock(stolen)) === 'alert 44' ? true : undefined,
    );
    await talks(await pair('gw-1', renewed));
    await talks(other);
  });

  /** The name of the refusal, whether the edge or the service sent it. */
  async function knock(credential: IssuedCertificate): Promise<string> {
    try {
      return (await stack.refused(credential, `${PREFIX}sub/7/gw-1`)).reason;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED') return 'alert 44';
      if (/alert.certificate.revoked|alert number 44/i.test(String(error))) return 'alert 44';
      throw error;
    }
  }

  const broken: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
    [
      'is no list',
      async () => stack.scratch.replace('certs/root.crl.pem', 'garbage'),
      /not a revocation list that can be used/,
    ],
    [
      'is another authority’s',
      async () => stack.scratch.replace('certs/root.crl.pem', listText(new RawAuthority(), [])),
      /its issuer is none of the authorities/,
    ],
    ['is stale', () => signLists(pki.certs, -1).then(() => undefined), /is stale since/],
    ['is gone', async () => stack.scratch.drop('certs/root.crl.pem'), /no such file; check the path/],
  ];
  for (const [what, spoil, said] of broken) {
    it(`a list that ${what} locks nobody out, is reported, and the next good one is in force`, async () => {
      const gateway = await pki.issue('gw-3', 'gateway');
      const newcomer = await pki.issue('gw-4', 'gateway');
      const before = await pair('gw-3', gateway);
      const good = await readFile(pki.list, 'utf8');
      const staged = await readFile(`${pki.trust}/root.crl.pem`, 'utf8');
      await spoil();
      await stack.service.line('stdout', said);
      expect(await readFile(`${pki.trust}/root.crl.pem`, 'utf8')).to.equal(staged);
      await talks(before);
      await talks(await pair('gw-4', newcomer));
      stack.scratch.replace('certs/root.crl.pem', good);
      await pki.revoke(gateway);
      expect((await before[0].closed).code).to.equal(4402);
    });
  }

  it('of a pair whose certificates are revoked together both are told so, and both are counted', async () => {
    const gateway = await pki.issue('gw-5', 'gateway');
    const both = await pair('gw-5', gateway);
    const list = await pki.listWith(gateway, manager);
    const reloaded = stack.service.line('stdout', /"file":"crl","ended":2/);
    stack.scratch.replace('certs/root.crl.pem', list);
    for (const { closed } of both) {
      expect(await closed).to.deep.equal({ code: 4402, reason: 'the client certificate is revoked' });
    }
    await reloaded;
  });
});
