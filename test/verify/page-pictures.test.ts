import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { MEETUP_PREFIX } from '../../proxy/wire/path.js';
import { Browser, type Look } from '../support/browser.js';
import type { Tab } from '../support/browser-tab.js';
import { PagePeers, sit } from '../support/page-peers.js';
import { factsOf, layoutFaults } from '../support/picture.js';
import { identityHeaders, refusedUpgrade, type Service, startService } from '../support/service.js';

/** Folder for the pictures, for an eye to look at; none are written where it is not set. */
const FOLDER = process.env['PAGE_PICTURES'];
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const MEETUP = 'sub/8675309/00224dd149bb';

/** Windows in which each state is looked at, and the least height in them of what is to be hit, pixels (WCAG 2.2, 2.5.8, for fingers). */
const LOOKS: Readonly<Record<string, Look & { readonly target: number }>> = {
  wide: { width: 1280, height: 1000, target: 0 },
  narrow: { width: 400, height: 860, target: 24 },
  dark: { width: 1280, height: 1000, scheme: 'dark', target: 0 },
  'dark-narrow': { width: 400, height: 860, scheme: 'dark', target: 24 },
};

/** A state of the page: its URL, the expression by which it is seen to be reached, and the words that it must show. */
interface State {
  readonly name: string;
  readonly search: string;
  readonly reached: string;
  readonly shows: readonly (string | RegExp)[];
}

const STATES: readonly State[] = [
  {
    name: 'live',
    search: '',
    reached: `document.querySelectorAll('#calls-rows tr').length >= 8`,
    shows: [MEETUP, '404', 'connection_lost', 'meetup_full', /Of 9 calls since [\d:]+ 9 are kept/],
  },
  {
    name: 'filtered',
    search: '?calls=orders&failure=errors&range=1h&troubles=full&kind=refused&sessions=00224dd149bb',
    reached: `document.querySelectorAll('#calls-rows tr').length === 2 && document.querySelectorAll('.session').length === 1`,
    shows: [
      /Looked for the text in method, path, .*; 2 of them fit/,
      /Looked for the text in label, code/,
      'meetup_full',
    ],
  },
  {
    name: 'between',
    search: '?range=between&from=2026-01-01T00:00:00.000Z&to=2026-01-02T00:00:00.000Z&sessions=sub/lost',
    reached: `document.querySelector('#calls-empty').textContent === 'No call fits.' && !document.querySelector('#sessions-gone').hidden`,
    shows: ['from', 'to', 'No live session fits.', 'Remembered, and nobody there now', 'sub/lost'],
  },
  {
    name: 'meetup',
    search: `?meetup=${MEETUP}`,
    reached: `document.querySelectorAll('#detail .findings li').length > 0`,
    shows: ['meetup_full', 'The last errors', '/v1/orders/7', 'Who came and went', 'in the proxy'],
  },
  {
    name: 'call',
    search: `?meetup=${MEETUP}&trace=${TRACE}`,
    reached: `/trace id/.test(document.querySelector('#detail').textContent)`,
    shows: ['GET /v1/orders/7?page=2', 'http_error', '503', TRACE, 'CN=gateway,O=Micronets', 'Show the trace'],
  },
  {
    name: 'no-such-trace',
    search: `?trace=${TRACE.replaceAll('a', 'b')}`,
    reached: `!document.querySelector('#detail').hidden`,
    shows: ['No call of this trace is kept by this replica'],
  },
];

describe('the page as it looks in a real Chromium', function () {
  this.timeout(90_000);
  let service: Service;
  let browser: Browser;
  let eye: Tab;

  before(async () => {
    if (FOLDER !== undefined) await mkdir(FOLDER, { recursive: true });
    browser = await Browser.launch();
    eye = await browser.open('about:blank');
  });
  after(() => browser?.close());

  const urlOf = (one: Service): string => `http://localhost:${one.proxy.parts.metricsPort}/`;

  /** Looks at the tab: nothing may be out of reach, the picture must show something, and it is written where that is wanted. */
  async function look(tab: Tab, name: string, target: number): Promise<number> {
    expect(await layoutFaults(tab, target), name).to.deep.equal([]);
    await tab.show();
    const png = await tab.picture();
    if (FOLDER !== undefined) {
      await writeFile(join(FOLDER, `${name}.png`), png);
      await writeFile(join(FOLDER, `${name}-whole.png`), await tab.picture('page'));
    }
    const { colours, colourful } = await factsOf(eye, png);
    expect(colours, `${name}: colours`).to.be.greaterThan(50);
    return colourful;
  }

  async function says(tab: Tab, shows: readonly (string | RegExp)[], name: string): Promise<void> {
    const text = (await tab.text('body')).replaceAll(/\s+/g, ' ');
    for (const words of shows) {
      if (typeof words === 'string') expect(text, name).to.contain(words);
      else expect(text, name).to.match(words);
    }
  }

  it('with nobody there', async () => {
    const empty = await startService({ page: 'true' });
    for (const [name, { target, ...window }] of Object.entries(LOOKS)) {
      const tab = await browser.open(urlOf(empty), window);
      await tab.until(`document.querySelector('#connection').textContent === 'live'`);
      await says(tab, ['Nobody is here.', 'No call yet.', 'Nobody was turned away'], name);
      await look(tab, `empty-${name}`, target);
    }
    await empty.stop();
  });

  it('with nothing remembered', async () => {
    const forgetful = await startService({ page: 'true', historyMemory: '0' });
    const tab = await browser.open(urlOf(forgetful), { width: 400, height: 860 });
    await tab.until(`document.querySelector('#connection').textContent === 'live'`);
    await says(
      tab,
      ['No call is kept: the service runs with --history-memory 0.', 'Nothing is remembered:'],
      'forgetful',
    );
    await look(tab, 'forgetful-narrow', 24);
    await forgetful.stop();
  });

  describe('with calls, sessions and refusals', () => {
    let peers: PagePeers;
    before(async () => {
      service = await startService({ page: 'true', traceLink: 'https://traces.example.com/trace/{trace_id}' });
      peers = await PagePeers.meet(service, MEETUP);
      const other = await PagePeers.meet(service, 'sub/8675309/another-gateway-with-a-long-name/00224dd149bc', 'gw 2');
      for (let n = 0; n < 4; n += 1) await peers.call(`/v1/devices/${n}`);
      await peers.call('/v1/orders/missing', 404);
      await peers.call('/v1/orders/6', 502);
      await other.call(`/v1/a/very/long/path/${'that-goes-on-and-on/'.repeat(8)}`);
      await other.call('/v1/short');
      await peers.call('/v1/orders/7?page=2', 503, [{ name: 'traceparent', value: `00-${TRACE}-b7ad6b7169203331-01` }]);
      for (let n = 0; n < 2; n += 1) {
        await refusedUpgrade(service.socketPath, `${MEETUP_PREFIX}${MEETUP}`, identityHeaders({ cn: 'third' }));
      }
      (await sit(service, 'sub/lost', 'lost', 'gw lost')).terminate();
    });
    after(() => service?.stop());

    for (const { name, search, reached, shows } of STATES) {
      for (const [window, { target, ...given }] of Object.entries(LOOKS)) {
        it(`${name}, ${window}`, async () => {
          const tab = await browser.open(`${urlOf(service)}${search}`, given);
          await tab.until(reached);
          await says(tab, shows, name);
          await look(tab, `${name}-${window}`, target);
          // A browser tells of every answer that is 404.
          const complaints = tab.complaints.filter((one) => !(name === 'no-such-trace' && one.includes('404')));
          expect(complaints).to.deep.equal([]);
        });
      }
    }

    it('whose traces are linked to where they are shown', async () => {
      const tab = await browser.open(`${urlOf(service)}?trace=${TRACE}`);
      await tab.until(`document.querySelector('#detail .trace-link') !== null`);
      const href = await tab.evaluate(`document.querySelector('#detail .trace-link').href`);
      expect(href).to.equal(`https://traces.example.com/trace/${TRACE}`);
    });

    it('that is used in a narrow window: a call and its meetup are opened and closed, and the URL and the way back follow', async () => {
      const tab = await browser.open(urlOf(service), { width: 400, height: 860 });
      const search = (): Promise<string> => tab.evaluate('decodeURIComponent(location.search)');
      await tab.until(`document.querySelectorAll('#calls-rows tr').length >= 8`);
      await tab.click('#calls-rows .open[title="/v1/orders/7"]');
      await tab.until(`/trace id/.test(document.querySelector('#detail').textContent)`);
      expect(await search()).to.equal(`?trace=${TRACE}`);
      await tab.click('#detail .meetup');
      await tab.until(`document.querySelectorAll('#detail .findings li').length > 0`);
      expect(await search()).to.equal(`?meetup=${MEETUP}`);
      await tab.evaluate('history.back()');
      await tab.until(`/trace id/.test(document.querySelector('#detail').textContent)`);
      await tab.click('#detail .close');
      await tab.until(`document.querySelector('#detail').hidden`);
      expect(await search()).to.equal('');
      await tab.click('.session .meetup[title$="00224dd149bc"]');
      await tab.until(`document.querySelector('#detail [data-of="all calls"]') !== null`);
      await tab.click('#detail [data-of="all calls"]');
      await tab.until(`document.querySelectorAll('#calls-rows tr').length === 2`);
      expect(await search()).to.match(/^\?calls=sub\/8675309\/another-gateway/);
      await tab.evaluate(`(() => {
        const field = document.querySelector('#calls-filter');
        field.value = 'orders';
        field.dispatchEvent(new Event('input'));
      })()`);
      await tab.until(`document.querySelectorAll('#calls-rows tr').length === 3`);
      expect(await search()).to.equal('?calls=orders');
    });

    it('that drains, and is gone: all is grey, and since when', async () => {
      const tabs: { readonly window: string; readonly target: number; readonly tab: Tab }[] = [];
      for (const [window, { target, ...given }] of Object.entries(LOOKS)) {
        const tab = await browser.open(urlOf(service), given);
        await tab.until(`document.querySelectorAll('#calls-rows tr').length >= 8`);
        tabs.push({ window, target, tab });
      }
      const lively = new Map<string, number>();
      await service.proxy.parts.drain.start({ deadline: 0, batch: 1, interval: 10, spread: 0 });
      for (const { window, target, tab } of tabs) {
        await tab.show();
        await tab.until(`/drained/.test(document.querySelector('#state').textContent)`);
        lively.set(window, await look(tab, `drained-${window}`, target));
      }
      await service.stop();
      for (const { window, target, tab } of tabs) {
        await tab.show();
        await tab.until(`document.body.classList.contains('gone')`);
        await says(
          tab,
          [
            /The service has not answered since [\d:]+ \(\d+ s\): there is no connection to it\. All that is shown is as it was then\./,
          ],
          window,
        );
        expect(await tab.evaluate(`getComputedStyle(document.querySelector('main')).filter`)).to.equal('grayscale(1)');
        expect(await tab.evaluate('document.title')).to.equal('no answer · ws-proxy');
        // The line that says so is all that has a colour.
        const bar = await tab.evaluate<number>(
          `(() => { const { width, height } = document.querySelector('#gone').getBoundingClientRect(); return (width * height) / (innerWidth * innerHeight); })()`,
        );
        expect(await look(tab, `gone-${window}`, target), window).to.be.at.most(bar + 0.002);
        expect(lively.get(window), window).to.be.greaterThan(0.002);
      }
    });
  });
});
