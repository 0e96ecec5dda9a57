import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { Browser } from '../support/browser.js';
import type { Tab } from '../support/browser-tab.js';
import { PagePeers, sit } from '../support/page-peers.js';
import { identityHeaders, refusedUpgrade, type Service, startService } from '../support/service.js';

const EVIL = '<img src=/nowhere onerror="document.title=1"><script>document.title=2</script>\u202e';

describe('the read-only page in a real Chromium', function () {
  this.timeout(60_000);
  let service: Service;
  let browser: Browser;
  let tab: Tab;
  let peers: PagePeers;
  let url: string;

  before(async () => {
    service = await startService({ page: 'true' });
    url = `http://localhost:${service.proxy.parts.metricsPort}/`;
    browser = await Browser.launch();
    tab = await browser.open(url);
    await tab.until(`document.querySelector('#connection').textContent === 'live'`);
  });
  after(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** Chooses an entry of a list, as a hand does. */
  const choose = (id: string, value: string): Promise<unknown> =>
    tab.evaluate(`(() => {
      const field = document.getElementById('${id}');
      field.value = '${value}';
      field.dispatchEvent(new Event('change'));
    })()`);

  it('says that nobody is here and that no call came', async () => {
    expect(await tab.text('#sessions-empty')).to.equal('Nobody is here.');
    expect(await tab.text('#calls-empty')).to.match(/^No call yet/);
    expect(await tab.text('#troubles-empty')).to.match(/^Nobody was turned away/);
    expect(await tab.text('#state')).to.match(/^ready/);
  });

  it('shows a session and both peers by itself', async () => {
    peers = await PagePeers.meet(service, 'sub/8675309/00224dd149bb');
    await tab.until(`document.querySelector('.session .dot')?.textContent === 'paired'`);
    const shown = await tab.text('.session');
    for (const text of [
      'sub/8675309/00224dd149bb',
      'CN=gateway,O=Micronets',
      'CN=manager,O=Micronets',
      'gw service 1',
    ]) {
      expect(shown).to.contain(text);
    }
  });

  it('shows a call by itself, and all of it when it is opened with the keyboard', async () => {
    await peers.call('/v1/gateway/devices?x=1');
    await tab.until(`document.querySelectorAll('#calls-rows tr').length === 1`);
    const row = await tab.text('#calls-rows tr');
    expect(row).to.match(/GET\s+\/v1\/gateway\/devices\s+sub\/8675309\/00224dd149bb\s+200\s+ok/);
    const widths = `[...document.querySelectorAll('#calls-rows rect')].map((bar) => bar.getBoundingClientRect().width)`;
    expect(await tab.evaluate<number[]>(widths)).to.satisfy(
      (all: number[]) => all.length === 3 && all.every((w) => w > 0),
    );

    await tab.evaluate(`document.querySelector('#calls-rows .open').focus()`);
    await tab.press('Enter');
    await tab.until(`!document.querySelector('#detail').hidden`);
    const detail = await tab.text('#detail');
    expect(detail).to.match(/GET \/v1\/gateway\/devices\?x=1/);
    expect(detail).to.match(/query\s+x=1/);
    expect(detail).to.match(/meetup\s+sub\/8675309\/00224dd149bb/);
    expect(detail).to.contain('CN=manager,O=Micronets');
    await tab.press('Escape');
    await tab.until(`document.querySelector('#detail').hidden`);
    expect(await tab.evaluate(`document.activeElement.matches('#calls-rows .open')`)).to.equal(true);
  });

  it('moves between calls with the arrow keys, filters them, and holds them still', async () => {
    await peers.call('/v1/second', 404);
    await tab.until(`document.querySelectorAll('#calls-rows tr').length === 2`);
    await tab.evaluate(`document.querySelector('#calls-rows .open').focus()`);
    await tab.press('ArrowDown');
    expect(await tab.evaluate(`document.activeElement.textContent`)).to.equal('/v1/gateway/devices');
    await choose('calls-failure', 'answered_4xx');
    await tab.until(`document.querySelectorAll('#calls-rows tr').length === 1`);
    expect(await tab.text('#calls-rows tr')).to.contain('http_error');
    expect(await tab.text('#calls-searched')).to.match(/^Of 2 calls since [\d:]+ 2 are kept; 1 of them fit\.$/);
    await choose('calls-failure', 'errors');
    await tab.until(`document.querySelectorAll('#calls-rows tr').length === 0`);
    expect(await tab.text('#calls-empty')).to.equal('No call fits.');
    await choose('calls-failure', 'any');
    await tab.until(`document.querySelectorAll('#calls-rows tr').length === 2`);
    await tab.evaluate(`document.querySelector('#calls-hold').click()`);
    await peers.call('/v1/third');
    await tab.until(`document.querySelector('#calls-hold').textContent === 'Go on (1 new)'`);
    expect(await tab.evaluate(`document.querySelectorAll('#calls-rows tr').length`)).to.equal(2);
    await tab.evaluate(`document.querySelector('#calls-hold').click()`);
    await tab.until(`document.querySelectorAll('#calls-rows tr').length === 3`);
  });

  it('shows who was refused, why and what to do, once for a peer that tries again', async () => {
    const path = `${MEETUP_PREFIX}sub/8675309/00224dd149bb`;
    await refusedUpgrade(service.socketPath, path, identityHeaders());
    await refusedUpgrade(service.socketPath, path, identityHeaders());
    await tab.until(`/2 times/.test(document.querySelector('#troubles-list li')?.textContent)`);
    const shown = await tab.text('#troubles-list');
    expect(shown).to.match(/meetup_full\s+409/);
    expect(shown).to.contain('Both seats of the meetup are held');
    expect(shown).to.contain('a third peer has no seat');
  });

  it('shows what a peer claims as text, whatever it is', async () => {
    const lonely: WebSocket = await sit(service, 'sub/evil', 'evil', EVIL);
    await peers.call(`/${EVIL}`);
    await tab.until(`document.querySelectorAll('.session').length === 2`);
    await tab.until(`document.querySelector('#calls-rows .open').textContent.startsWith('/<img')`);
    await tab.evaluate(`document.querySelectorAll('.session').forEach((one) => { one.open = true; })`);
    expect(await tab.text('#sessions-list')).to.contain(EVIL.replace('\u202e', '⟨U+202E⟩'));
    expect(await tab.evaluate(`document.querySelectorAll('main img, main script, main [onerror]').length`)).to.equal(0);
    expect(await tab.evaluate('document.title')).to.match(/ws-proxy$/);
    lonely.terminate();
    await tab.until(`document.querySelectorAll('.session').length === 1`);
    await tab.until(`/connection_lost/.test(document.querySelector('#troubles-list').textContent)`);
  });

  it('draws what happened, and a 404 is not red', async () => {
    await tab.until(`document.querySelector('#chart-calls path.answered-4xx').getAttribute('d') !== ''`);
    expect(await tab.evaluate(`document.querySelector('#chart-calls path.failed').getAttribute('d')`)).to.equal('');
    const colour = `getComputedStyle(document.querySelector('#calls-rows .outcome.answered_4xx')).color`;
    expect(await tab.evaluate(colour)).to.equal('rgb(88, 97, 115)');
    expect(await tab.evaluate(`document.querySelector('#chart-latency path.low').getAttribute('d')`)).to.match(/^M/);
    expect(await tab.text('#chart-latency .figure')).to.match(/^[\d.]+ m?s$/);
  });

  it('has names for a screen reader', async () => {
    const spoken = await tab.spoken();
    const named = (role: string): string[] => spoken.filter((one) => one.role === role).map(({ name }) => name);
    expect(named('heading')).to.include.members(['ws-proxy', 'Calls', 'Sessions', 'Refused and cut off']);
    expect(named('button')).to.include.members(['/v1/second', 'Hold still']);
    expect(named('button').filter((name) => name === '')).to.deep.equal([]);
    expect(named('searchbox')).to.deep.equal([
      'Filter calls by',
      'Filter sessions by',
      'Filter refusals and endings by',
    ]);
    expect(named('columnheader')).to.include.members(['Method', 'Path', 'Meetup', 'Status', 'Outcome', 'Total']);
    expect(named('image').filter((name) => name === '')).to.deep.equal([]);
  });

  it('fits a narrow window and a dark one', async () => {
    const narrow = await browser.open(url, { width: 400, scheme: 'dark' });
    await narrow.until(`document.querySelectorAll('#calls-rows tr').length > 0`);
    expect(await narrow.evaluate('document.documentElement.scrollWidth')).to.be.at.most(400);
    const path = `document.querySelector('#calls-rows .path').getBoundingClientRect().width`;
    expect(await narrow.evaluate<number>(path)).to.be.greaterThan(100);
    expect(await narrow.evaluate('getComputedStyle(document.body).color')).to.equal('rgb(228, 232, 238)');
    expect(narrow.complaints).to.deep.equal([]);
    await tab.show();
  });

  it('finds a session among a thousand, page by page', async () => {
    const crowd: WebSocket[] = [];
    for (let i = 0; i < 40; i += 1) {
      const names = Array.from({ length: 25 }, (_, n) => `crowd/${i * 25 + n}`);
      crowd.push(...(await Promise.all(names.map((name) => sit(service, name, name, `gw ${name}`)))));
    }
    await tab.until(`/1 paired, 1.000 waiting/.test(document.querySelector('#sessions-count').textContent)`);
    expect(await tab.evaluate(`document.querySelectorAll('.session').length`)).to.equal(25);
    await tab.evaluate(`document.querySelector('#sessions-older').click()`);
    await tab.until(`/^26 to 50 of 1.001/.test(document.querySelector('#sessions-range').textContent)`);
    await tab.evaluate(`(() => {
      const field = document.querySelector('#sessions-filter');
      field.value = '00224DD149bb';
      field.dispatchEvent(new Event('input'));
    })()`);
    await tab.until(`document.querySelectorAll('.session').length === 1`);
    expect(await tab.text('.session summary')).to.contain('sub/8675309/00224dd149bb');
    for (const one of crowd) one.terminate();
  });

  it('did all this without an error in the console or a breach of its own policy', () => {
    expect(tab.complaints).to.deep.equal([]);
  });

  it('cannot be read by a page of another origin', async () => {
    const other = await browser.open('data:text/html,<p>other</p>');
    const read = await other.evaluate<string>(
      `fetch('${url}page/state').then((one) => one.text(), (error) => 'refused')`,
    );
    expect(read).to.equal('refused');
  });

  it('asks nothing while nobody looks, and at once when someone does', async () => {
    expect(await tab.evaluate('document.hidden')).to.equal(true);
    await peers.call('/v1/unseen');
    expect(await tab.text('#calls-rows')).not.to.contain('/v1/unseen');
    await tab.show();
    await tab.until(`/unseen/.test(document.querySelector('#calls-rows').textContent)`);
  });

  it('says when the service does not answer', async () => {
    await peers.leave();
    await service.stop();
    await tab.until(`document.querySelector('#connection').className === 'lost'`);
    expect(await tab.text('#connection')).to.match(/^no answer since [\d:]+ \(/);
  });
});
