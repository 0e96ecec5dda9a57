import { existsSync, renameSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { AuditLog, auditLine } from '../../../proxy/telemetry/logs/audit.js';
import { AuditFile, type AuditFileParts } from '../../../proxy/telemetry/logs/audit-file.js';
import { refusal } from '../../../proxy/wire/close.js';
import { FakeClock } from '../../support/fake-clock.js';
import { identity } from '../../support/fixtures.js';
import { Meeting } from '../../support/pair.js';

type Record_ = Record<string, unknown>;

describe('telemetry: audit', () => {
  let dir = '';
  let clock = new FakeClock();
  let told: string[] = [];
  let files: AuditFile[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'audit-'));
    clock = new FakeClock();
    told = [];
    files = [];
  });

  afterEach(async () => {
    for (const file of files) await file.close();
    await rm(dir, { recursive: true });
  });

  function open(name = 'audit.log', given: Partial<AuditFileParts> = {}): AuditFile {
    const file = new AuditFile({
      path: join(dir, name),
      clock,
      failed: (error) => told.push(`failed ${(error as NodeJS.ErrnoException).code}`),
      recovered: (dropped) => told.push(`recovered ${dropped}`),
      gap: (dropped) => `gap ${dropped}\n`,
      ...given,
    });
    files.push(file);
    return file;
  }

  async function lines(name = 'audit.log'): Promise<string[]> {
    return (await readFile(join(dir, name), 'utf8')).split('\n').slice(0, -1);
  }

  it('writes a line for each admission, pairing, ending and refusal: who, where, why, how long, how much', async () => {
    const file = open();
    const audit = new AuditLog(file, clock);
    const who = identity({ subject: 'CN=manager' });
    const pair = new Meeting({ readers: [audit], clock }).pair({ identity: who, requestId: 'r-1', via: 'r9-1' });
    clock.advance(2000);
    pair.manager.receive('x'.repeat(50));
    pair.manager.gone();
    const denied = {
      refusal: refusal('policy_denied'),
      detail: 'no rule',
      target: '/x',
      remote: '192.0.2.1',
      requestId: 'r-2',
    };
    audit.refused({ ...denied, identity: who, meetupId: 'sub/1', via: 'r9-1' });
    await file.close();
    const records = (await lines()).map((line) => JSON.parse(line) as Record_);
    expect(records.map(({ act }) => act)).to.deep.equal(['admit', 'admit', 'pair', 'end', 'end', 'refuse']);
    const by = { subject: 'CN=manager', fingerprint: who.fingerprint, serial: who.serial };
    expect(records[0]).to.deep.include({
      time: '2026-01-01T00:00:00.000Z',
      act: 'admit',
      by,
      rule: 'test',
      request: 'r-1',
      via: 'r9-1',
    });
    expect(records[1]).not.to.have.property('via');
    expect(records[2]?.['first']).to.deep.include({ subject: 'CN=manager', id: 'manager 1' });
    expect(records[3]).to.deep.include({ by, reason: 'closed_by_peer', code: 1000, duration_ms: 2000, messagesIn: 2 });
    expect(records[4]).to.include({ reason: 'peer_disconnected', code: 1002 });
    expect(records[5]).to.deep.include({
      by,
      reason: 'policy_denied',
      status: 403,
      meetup: 'sub/1',
      request: 'r-2',
      via: 'r9-1',
    });
    expect((await stat(join(dir, 'audit.log'))).mode & 0o777).to.equal(0o600);
  });

  it('writes down administrative acts as they are told', async () => {
    const file = open();
    const admin = identity({ subject: 'CN=admin' });
    new AuditLog(file, clock).record({ act: 'kick', by: admin, session: 's', reason: 'a\nb', validate_only: false });
    await file.close();
    expect(JSON.parse((await lines())[0] ?? '')).to.deep.include({
      act: 'kick',
      session: 's',
      reason: 'a\\u{a}b',
      validate_only: false,
    });
  });

  it('writes one object a line whatever an entry holds, and its own fields can not be overwritten', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.anything({ maxDepth: 3, withBigInt: true })),
        (fields) => {
          const line = auditLine({ ...fields, time: 'x', act: 'kick' }, 0);
          expect(line).to.match(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*\n$/u);
          expect(line.length).to.be.at.most(8_193);
          expect(JSON.parse(line)).to.include({ act: 'kick', time: '1970-01-01T00:00:00.000Z' });
        },
      ),
    );
  });

  it('cuts an entry that is too long to its head', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, 'x'.repeat(1000)]));
    expect(JSON.parse(auditLine({ act: 'kick', ...many }, 0))).to.have.keys('time', 'act', 'cut');
  });

  it('goes on with a file of the name when the old one was renamed or removed', async () => {
    const file = open();
    file.write('1\n');
    await written(file);
    await rename(join(dir, 'audit.log'), join(dir, 'audit.log.1'));
    file.write('2\n');
    await written(file);
    await rm(join(dir, 'audit.log'));
    file.write('3\n');
    await file.close();
    expect(await lines('audit.log.1')).to.deep.equal(['1']);
    expect(await lines()).to.deep.equal(['3']);
  });

  it('notices a rename while lines keep coming', async () => {
    const file = open();
    for (let i = 0; i < 12; i += 1) file.write(`${'x'.repeat(60_000)}\n`);
    while (!existsSync(join(dir, 'audit.log'))) await turn();
    renameSync(join(dir, 'audit.log'), join(dir, 'audit.log.1'));
    file.write('last\n');
    await file.close();
    expect((await lines()).at(-1)).to.equal('last');
    expect(await lines('audit.log.1')).to.not.include('last');
  });

  it('writes the first line at once, and gathers those that follow for a moment', async () => {
    const file = open();
    file.write('1\n');
    while (countOf(file, 'written') !== 1) await turn();
    file.write('2\n');
    file.write('3\n');
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(countOf(file, 'written')).to.equal(1);
    while (clock.timers === 0) await turn();
    clock.advance(20);
    while (countOf(file, 'written') !== 3) await turn();
    expect(await lines()).to.deep.equal(['1', '2', '3']);
  });

  it('opens the file anew when told to', async () => {
    const file = open();
    file.write('1\n');
    await written(file);
    file.reopen();
    await written(file);
    file.write('2\n');
    await file.close();
    expect(await lines()).to.deep.equal(['1', '2']);
  });

  it('survives an unwritable file: one error, a bounded queue, and the lines come when it can be written again', async () => {
    const file = open('no/audit.log', { maxQueueBytes: 20 });
    for (let i = 0; i < 8; i += 1) file.write(`line${i}\n`);
    await written(file);
    clock.advance(1_000);
    await written(file);
    expect(told).to.deep.equal(['failed ENOENT']);
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(dir, 'no'));
    clock.advance(1_000);
    await written(file);
    expect(told).to.deep.equal(['failed ENOENT', 'recovered 5']);
    expect(await lines('no/audit.log')).to.deep.equal(['line0', 'line1', 'line2', 'gap 5']);
    expect(countOf(file, 'dropped')).to.equal(5);
    expect(countOf(file, 'written')).to.equal(4);
  });

  it('survives a full disk', async function () {
    const file = open('audit.log', { path: '/dev/full' });
    file.write('lost\n');
    await written(file);
    if (told[0] === 'failed ENOENT') this.skip();
    expect(told).to.deep.equal(['failed ENOSPC']);
    expect(clock.timers).to.equal(1);
    await file.close();
    expect(clock.timers).to.equal(0);
  });
});

/** Resolves when no write is under way. */
async function written(file: AuditFile): Promise<void> {
  await file.idle();
}

function countOf(file: AuditFile, result: string): unknown {
  const [[, samples] = []] = file.source().samples();
  return samples?.find(({ labels }) => labels['result'] === result)?.value;
}
