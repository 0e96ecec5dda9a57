import { expect } from 'chai';
import { UnusableFile } from '../../proxy/policy/lists/last-good-file.js';
import { pem } from '../support/der-writer.js';
import { type ListWish, RawAuthority } from '../support/raw-authority.js';
import { readScrape } from '../support/scrape.js';
import { Scratch } from '../support/scratch.js';
import { type Service, startService } from '../support/service.js';

const DAY_MS = 86_400_000;
const NEXT_UPDATE = 'ws_proxy_crl_next_update_time_seconds';

describe('revocation lists of several authorities', () => {
  const authorities = ['One', 'Two', 'Three'].map((name) => new RawAuthority([['2.5.4.3', name]]));
  const at = (days: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + days * DAY_MS);
  let scratch: Scratch;
  let service: Service | undefined;

  beforeEach(() => {
    scratch = new Scratch();
    scratch.write('ca.pem', authorities.map(({ certificate }) => certificate).join(''));
  });
  afterEach(async () => {
    await service?.stop();
    service = undefined;
    scratch.remove();
  });

  /** The metric of the service with these lists, one of each authority. */
  async function nextUpdate(...wishes: readonly Omit<ListWish, 'serials'>[]): Promise<number | undefined> {
    const lists = authorities.flatMap((authority, i) => {
      const wish = wishes[i];
      return wish === undefined ? [] : pem('X509 CRL', authority.revoke({ serials: ['1'], ...wish }));
    });
    scratch.write('lists.pem', lists.join(''));
    service = await startService({ crl: scratch.path('lists.pem'), crlCa: scratch.path('ca.pem') });
    const scrape = await readScrape(`http://127.0.0.1:${service.proxy.parts.metricsPort}/metrics`);
    expect(scrape.find(({ metric }) => metric === 'ws_proxy_crl_revoked')?.value).to.equal(wishes.length);
    return scrape.find(({ metric }) => metric === NEXT_UPDATE)?.value;
  }

  it('show the next update of the one that goes stale first, whatever stands beside it', async () => {
    const soon = at(2);
    const lists = [{ nextUpdate: at(9) }, { nextUpdate: 'never' as const }, { nextUpdate: soon }];
    expect(await nextUpdate(...lists)).to.equal(soon.getTime() / 1000);
  });

  it('show none where none goes stale', async () => {
    expect(await nextUpdate({ nextUpdate: 'never' }, { nextUpdate: 'never' })).to.equal(0);
  });

  it('are not read with authorities that are no certificates: the error names the file', async () => {
    scratch.write('ca.pem', 'garbage');
    const error = await nextUpdate({}).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UnusableFile);
    expect((error as Error).message).to.match(/^--crl-ca .*ca\.pem: no whole certificate in PEM form$/);
  });
});
