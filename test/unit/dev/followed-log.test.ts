import { appendFileSync } from 'node:fs';
import { expect } from 'chai';
import { followLog } from '../../../dev/fleet/followed-log.js';
import { Scratch } from '../../support/scratch.js';

describe('a log that is followed', () => {
  let scratch: Scratch;

  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  it('is told as it grows, line by line, as far as it is worth it, made safe for a terminal', async () => {
    const path = scratch.write('a.log', 'warn of old\n');
    const told: string[] = [];
    const end = followLog({ path, isTold: (line) => line.includes('warn'), tell: (line) => told.push(line) });
    appendFileSync(path, '{"level":"warn","message":"one","detail":"x y"}\nnothing\n[warning] tw');
    appendFileSync(path, 'o \u001b[31mred\n[warning] half a line');
    await end();
    expect(told).to.have.length(2);
    expect(told[0]).to.match(/WARN +one detail="x y"$/);
    expect(told[1])
      .to.match(/^\[warning\] two /)
      .and.not.include('\u001b');
  });

  it('is not told without a bound', async () => {
    const path = scratch.path('a.log');
    const told: string[] = [];
    const end = followLog({ path, isTold: () => true, tell: (line) => told.push(line) });
    scratch.write('a.log', 'warn\n'.repeat(1000));
    await end();
    expect(told).to.have.length(6);
    expect(told.at(-1)).to.equal(`… and 995 more such lines: ${path}`);
  });

  it('need not be there yet', async () => {
    await followLog({ path: scratch.path('none'), isTold: () => true, tell: () => expect.fail() })();
  });
});
