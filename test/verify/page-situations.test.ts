import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { waitFor } from '../../dev/wait.js';
import { Browser } from '../support/browser.js';
import type { Tab } from '../support/browser-tab.js';
import { type CertifiedWay, openCertifiedWay } from '../support/certified-way.js';
import { useCommandPairs } from '../support/command-pairs.js';
import { documentedPolicy } from '../support/documented-policy.js';
import { listText } from '../support/envoy.js';
import { ask } from '../support/peers.js';
import type { IssuedCertificate } from '../support/raw-authority.js';
import { PREFIX, useStack } from '../support/stack.js';

const O = '2.5.4.10';
/** An upstream answers after this time, milliseconds; shown as more than a second. */
const SLOW_MS = 1_200;
const WAIT_MS = 15_000;

/** A browser of the operator, who sees the page by the certificate that his commands use, at the control port of the real Envoy. */
describe('an operator’s question, answered by at most two clicks on the page', function () {
  this.timeout(60_000);
  let way: CertifiedWay;
  let browser: Browser;
  const stack = useStack((scratch) => ({
    control: true,
    flags: {
      page: 'true',
      policy: scratch.write('policy.yaml', documentedPolicy({ watch: 'viewer' })),
    },
  }));
  const pairs = useCommandPairs(stack);

  before(async () => {
    const viewer = stack().authority.issue({ subject: [[O, 'watch']] });
    way = await openCertifiedWay(stack().edge.ports.control, stack().authority, viewer);
    browser = await Browser.launch(way.pin);
  });
  beforeEach(function () {
    this.currentTest?.timeout(60_000);
  });
  after(async () => {
    await browser?.close();
    await way?.close();
  });

  const manager = (): IssuedCertificate => stack().issue('manager');

  /** Opens the page and clicks on what is named, one after the other and two at most; resolves with the panel's text once it has the words. */
  async function told(words: RegExp, ...clicks: readonly string[]): Promise<void> {
    expect(clicks.length, 'clicks').to.be.at.most(2);
    const tab = await browser.open(way.url);
    for (const selector of clicks) {
      await tab.until(`document.querySelector(${JSON.stringify(selector)}) !== null`);
      await tab.click(selector);
    }
    await says(tab, '#detail', words);
    expect(tab.complaints).to.deep.equal([]);
  }

  async function says(tab: Tab, selector: string, words: RegExp): Promise<void> {
    const look = async (): Promise<true | undefined> =>
      words.test((await tab.text(selector)).replaceAll(/\s+/g, ' ')) || undefined;
    await waitFor('no such words', WAIT_MS, new AbortController().signal, look).catch(async () => {
      throw new Error(`${selector} does not say ${words}:\n${await tab.text(selector)}`);
    });
  }

  const session = (meetup: string): string => `.session .meetup[title$="${meetup}"]`;

  it('the upstream is slow: the time is the gateway’s, not the proxy’s', async () => {
    pairs.answersAfter = SLOW_MS;
    const { http } = await pairs.meet('sub/1/slow');
    expect((await ask(`${http}/orders`)).status).to.equal(200);
    await told(
      /calls were slow, 1\.\d s, 1\.\d s of it at the gateway, \d+(\.\d)? ms in the proxy: the gateway, or the HTTP API behind it/,
      session('sub/1/slow'),
    );
    await told(
      /Most of it, 1\.\d+ s, was at the (gateway|responder) or behind it/,
      session('sub/1/slow'),
      '#detail .call-line',
    );
  });

  it('the upstream is down: the gateway answers for it', async () => {
    const { http } = await pairs.meet('sub/1/down', 'http://127.0.0.1:1');
    expect((await ask(`${http}/orders`)).status).to.equal(502);
    await told(
      /calls failed \(answered_5xx, .*the gateway answered 502: the HTTP API behind it \(its upstream\) is down/,
      session('sub/1/down'),
    );
  });

  it('the gateway is down: the manager waits alone, since when and why', async () => {
    const { gateway } = await pairs.meet('sub/1/gone');
    await gateway.stop('SIGKILL');
    await told(
      /The manager waits alone since [\d:]+ .*no gateway is here\. The last gateway went at [\d:]+, connection_lost: /,
      session('sub/1/gone'),
    );
  });

  it('the policy denies: who was refused, how often, and by which rule not', async () => {
    const stranger = stack().gateway('not-mine');
    for (let n = 0; n < 2; n += 1) await stack().refused(stranger, `${PREFIX}sub/1/mine`);
    await told(
      /CN=not-mine,OU=gateway,O=Acme was refused 2 times since [\d:]+, last at [\d:]+: policy_denied: .*No rule of the policy/,
      '#troubles-list .meetup[title$="sub/1/mine"]',
    );
  });

  it('the certificate is revoked: Envoy ended the handshake, and the meetup’s history has it', async () => {
    const gateway = stack().gateway('revoked');
    const [own] = await stack().pair('sub/1/revoked', manager(), gateway);
    const serial = new X509Certificate(gateway.certificate).serialNumber.toLowerCase();
    await stack().edge.replace({ 'root.crl.pem': listText(stack().authority, [serial]) });
    const knock = (): Promise<true | undefined> =>
      stack()
        .refused(gateway, `${PREFIX}sub/1/revoked`)
        .then(
          () => undefined,
          () => true,
        );
    await waitFor('Envoy still took it', WAIT_MS, new AbortController().signal, knock);
    await told(
      /CN=revoked,OU=gateway,O=Acme, which nobody verified, was refused .*at [\d:]+: tls_handshake: the certificate is revoked/,
      session('sub/1/revoked'),
    );
    await own.terminate();
  });

  it('a peer flaps: how often it came, how long it stayed, and how it went', async () => {
    const [own, other] = [manager(), stack().gateway('flaps')];
    for (let n = 0; n < 4; n += 1) {
      const [first, gateway] = await stack().pair('sub/1/flaps', own, other);
      await gateway.terminate();
      await first.closed;
    }
    await told(
      /Flapping: the gateway CN=flaps,OU=gateway,O=Acme came 4 times within the hour and stayed [\d.]+ m?s, 4 times connection_lost: /,
      '#troubles-list .meetup[title$="sub/1/flaps"]',
    );
  });
});
