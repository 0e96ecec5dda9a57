import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CrlFile } from '../../../proxy/policy/lists/crl-file.js';
import { UnusableFile } from '../../../proxy/policy/lists/last-good-file.js';
import type { Identity } from '../../../proxy/x509/identity.js';
import { identityOfCertificate } from '../../../proxy/x509/identity-of-certificate.js';
import { authoritiesIn } from '../../../proxy/x509/lists/crl-authorities.js';
import { Calls } from '../../support/calls.js';
import { integer, pem } from '../../support/der-writer.js';
import { extension, type ListWish, RawAuthority } from '../../support/raw-authority.js';
import { Scratch } from '../../support/scratch.js';
import { until } from '../../support/turns.js';

const MINUTE_MS = 60_000;
const authority = new RawAuthority();
const stranger = new RawAuthority([['2.5.4.3', 'Other Root']]);

function identity(serial: string, issuer = authority): Identity {
  const read = identityOfCertificate(issuer.issue({ subject: [], serial }).der);
  if ('fault' in read) throw new Error(read.fault);
  return read.ok;
}

describe('revocation list file', () => {
  let scratch: Scratch;
  let calls: Calls<string>;
  let crl: CrlFile | undefined;
  let now: number;

  beforeEach(() => {
    scratch = new Scratch();
    calls = new Calls();
    now = Date.now();
  });
  afterEach(async () => {
    await crl?.close();
    crl = undefined;
    scratch.remove();
  });

  const list = (wish: ListWish, by = authority): string => pem('X509 CRL', by.revoke(wish));

  async function open(content: string): Promise<CrlFile> {
    crl = await CrlFile.open(
      {
        path: scratch.write('root.crl.pem', content),
        authorities: authoritiesIn(authority.certificate),
        stage: scratch.path('staged.crl.pem'),
        now: () => now,
      },
      {
        changed: () => calls.add('changed'),
        refused: (why) => calls.add(why.replace(scratch.directory, '')),
        waiting: (why) => calls.add(`waiting ${why.replace(scratch.directory, '')}`),
      },
    );
    return crl;
  }
  const staged = (): string => readFileSync(scratch.path('staged.crl.pem'), 'utf8');

  it('revokes what is on it: by serial number and issuer together', async () => {
    const file = await open(list({ serials: ['0b'] }));
    expect(file.check(identity('0b'))).to.deep.equal({
      label: 'certificate_revoked',
      detail: 'the serial number is on the revocation list',
    });
    expect(file.check(identity('0c'))).to.equal(undefined);
    expect(file.check(identity('0b', stranger))).to.equal(undefined);
  });

  it('a new list is in force when it is told, and is staged', async () => {
    const file = await open(list({ serials: ['0b'] }));
    expect(staged()).to.equal(readFileSync(scratch.path('root.crl.pem'), 'utf8'));
    scratch.replace('root.crl.pem', list({ serials: ['0b', '0c', '0d'] }));
    expect(await calls.next()).to.equal('changed');
    await file.staged;
    expect(staged()).to.equal(readFileSync(scratch.path('root.crl.pem'), 'utf8'));
    expect(file.check(identity('0d'))).to.have.property('label', 'certificate_revoked');
    expect(file.status).to.have.length(1);
    expect(file.status[0]).to.include({ issuer: 'CN=Test Root', entries: 3 });
    scratch.replace('root.crl.pem', list({ serials: ['0d'] }));
    expect(await calls.next()).to.equal('changed');
    expect(file.check(identity('0b'))).to.equal(undefined);
  });

  const bad: readonly (readonly [string, () => string, string])[] = [
    ['garbage', () => 'garbage', 'not a revocation list that can be used: no whole X509 CRL'],
    ['another authority’s', () => list({ serials: [] }, stranger), 'its issuer is none of the authorities given'],
    ['stale', () => list({ serials: [], nextUpdate: new Date(now - MINUTE_MS) }), 'the list is stale since'],
    ['older', () => list({ serials: [], thisUpdate: new Date(now - 90 * MINUTE_MS) }), 'older than the list in force'],
  ];
  for (const [what, content, fault] of bad) {
    it(`one that is ${what} never takes its place, nor is it staged`, async () => {
      const file = await open(list({ serials: ['0b'] }));
      const before = staged();
      scratch.replace('root.crl.pem', content());
      expect(await calls.next()).to.contain(fault);
      expect(file.fault).to.contain(fault);
      expect(file.check(identity('0b'))).to.have.property('label', 'certificate_revoked');
      expect(staged()).to.equal(before);
      scratch.replace('root.crl.pem', list({ serials: ['0b', '0e'] }));
      expect(await calls.next()).to.equal('changed');
      expect(file.fault).to.equal(undefined);
      await file.staged;
      expect(readdirSync(scratch.directory)).to.have.members(['root.crl.pem', 'staged.crl.pem']);
    });
  }

  it('one that is missing the list of an authority that has one in force never takes its place', async () => {
    const both = [authority.certificate, stranger.certificate].join('');
    scratch.write('both.pem', list({ serials: [] }) + list({ serials: ['01'] }, stranger));
    crl = await CrlFile.open(
      { path: scratch.path('both.pem'), authorities: authoritiesIn(both) },
      { changed: () => calls.add('changed'), refused: (why) => calls.add(why), waiting: (why) => calls.add(why) },
    );
    scratch.replace('both.pem', list({ serials: [] }));
    expect(await calls.next()).to.contain('has no list of "CN=Other Root", which has one in force');
    expect(crl.check(identity('01', stranger))).to.have.property('label');
  });

  it('one of an authority that is not known is left out and reported; the others come into force', async () => {
    const file = await open(list({ serials: [] }));
    scratch.replace('root.crl.pem', list({ serials: ['0b'] }) + list({ serials: ['01'] }, stranger));
    expect(await calls.next()).to.contain('the list of "CN=Other Root" is left out');
    expect(await calls.next()).to.equal('changed');
    expect(file.check(identity('0b'))).to.have.property('label', 'certificate_revoked');
    expect(file.check(identity('01', stranger))).to.equal(undefined);
    expect(file.fault).to.contain('the list of "CN=Other Root" is left out');
    scratch.replace('root.crl.pem', list({ serials: ['0b', '0c'] }));
    expect(await calls.next()).to.equal('changed');
    expect(file.fault).to.equal(undefined);
  });

  it('one that begins later comes into force when its time comes', async () => {
    await open(list({ serials: [] }));
    scratch.replace('root.crl.pem', list({ serials: ['0b'], thisUpdate: new Date(now + MINUTE_MS) }));
    expect(await calls.next()).to.contain('which is yet to come');
    now += 2 * MINUTE_MS;
    expect(await calls.next()).to.equal('changed');
  });

  it('the list in force going stale is told once, and it stays in force', async () => {
    const file = await open(list({ serials: ['0b'], nextUpdate: new Date(now + MINUTE_MS) }));
    expect(file.fault).to.equal(undefined);
    now += 2 * MINUTE_MS;
    expect(await calls.next()).to.contain('the list in force is stale since');
    expect(file.fault).to.contain('is stale since');
    expect(file.check(identity('0b'))).to.have.property('label');
  });

  it('a stale one at the start is in force and reported, but not staged', async () => {
    const file = await open(list({ serials: ['0b'], nextUpdate: new Date(now - MINUTE_MS) }));
    expect(await calls.next()).to.contain('the list in force is stale since');
    expect(file.check(identity('0b'))).to.have.property('label');
    expect(existsSync(scratch.path('staged.crl.pem'))).to.equal(false);
  });

  it('one of strangers alone at the start stops nothing, is told, and is not staged', async () => {
    const file = await open(list({ serials: ['0b'] }, stranger));
    expect(await calls.next()).to.contain('the list of "CN=Other Root" is left out');
    expect(file.fault).to.contain('left out');
    await file.begun;
    expect(existsSync(scratch.path('staged.crl.pem'))).to.equal(false);
    scratch.replace('root.crl.pem', list({ serials: ['0b'] }));
    expect(await calls.next()).to.equal('changed');
    await file.staged;
    expect(existsSync(scratch.path('staged.crl.pem'))).to.equal(true);
  });

  it('a stranger’s that no edge could read is left out of the copy too; one that is whole stays in it', async () => {
    const ours = list({ serials: ['0b'] });
    const whole = list({ serials: [] }, stranger);
    await open(ours + whole);
    expect(staged()).to.equal(ours + whole);
    await crl?.close();
    const delta = [extension('2.5.29.27', integer('01'), true)];
    await open(list({ serials: [], extensions: delta }, stranger) + ours);
    expect(staged()).to.equal(ours);
  });

  it('at the start one that begins later is waited for: told once with both times, then in force by the clock', async () => {
    const begins = now + MINUTE_MS;
    const file = await open(list({ serials: ['0b'], thisUpdate: new Date(begins) }));
    const told = await calls.next();
    expect(told).to.match(
      /^waiting \/root\.crl\.pem: the list begins at .*Z, which is yet to come: the clock of this machine says /,
    );
    expect(told).to.contain(new Date(Math.trunc(begins / 1000) * 1000).toISOString());
    expect(told).to.contain(new Date(Math.trunc(now / 1000) * 1000).toISOString());
    expect(`waiting ${file.waiting?.replace(scratch.directory, '')}`).to.equal(told);
    expect(file.check(identity('0b'))).to.equal(undefined);
    expect(existsSync(scratch.path('staged.crl.pem'))).to.equal(false);
    now = begins;
    await file.begun;
    expect(file.waiting).to.equal(undefined);
    expect(file.check(identity('0b'))).to.have.property('label');
    expect(calls.unread).to.equal(1);
    await file.staged;
    expect(staged()).to.equal(readFileSync(scratch.path('root.crl.pem'), 'utf8'));
  });

  it('at the start one that begins later is waited for until another, which may be stale, takes its place', async () => {
    const file = await open(list({ serials: [], thisUpdate: new Date(now + MINUTE_MS) }));
    await calls.next();
    scratch.replace('root.crl.pem', 'garbage');
    expect(await calls.next()).to.contain('not a revocation list');
    expect(file.waiting).to.contain('not a revocation list');
    scratch.replace('root.crl.pem', list({ serials: ['0b'], nextUpdate: new Date(now - MINUTE_MS) }));
    await file.begun;
    expect(file.check(identity('0b'))).to.have.property('label');
  });

  it('one that was stale by a clock ahead of its time is staged when the clock is right', async () => {
    now += 2 * 86_400_000;
    await open(list({ serials: ['0b'] }));
    expect(await calls.next()).to.contain('the list in force is stale since');
    expect(existsSync(scratch.path('staged.crl.pem'))).to.equal(false);
    now = Date.now();
    await until(() => existsSync(scratch.path('staged.crl.pem')));
    expect(staged()).to.equal(readFileSync(scratch.path('root.crl.pem'), 'utf8'));
  });

  it('a broken one at the start is an error that names the file', async () => {
    const error = await open('garbage').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UnusableFile);
    expect((error as Error).message).to.contain('root.crl.pem: not a revocation list');
  });
});
