import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isInstalled } from '../support/prometheus.js';
import { RULES } from '../support/rule-files.js';
import { Scratch } from '../support/scratch.js';
import { ROOT } from '../support/sources.js';
import { tell } from '../support/tools.js';

describe('promtool', function () {
  this.timeout(60_000);

  before(function () {
    if (!isInstalled('promtool')) this.skip();
  });

  const scratch = new Scratch();
  after(() => scratch.remove());

  function promtool(...args: readonly string[]): void {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
  }

  it('finds no fault in the configuration and the rules that are shipped', () => {
    promtool('check', 'config', 'observability/prometheus.yml');
  });

  it('finds no fault in the rules that ws-proxy rules prints', async () => {
    const { code, output } = await tell(
      process.execPath,
      ['bin/ws-proxy.js', 'rules', '--runbooks', 'https://x.example/g'],
      { cwd: ROOT },
    );
    expect(code, output).to.equal(0);
    promtool('check', 'rules', scratch.write('rules.yml', output));
  });

  for (const name of readdirSync(join(RULES, 'tests'))) {
    it(`runs observability/rules/tests/${name}`, () => promtool('test', 'rules', join(RULES, 'tests', name)));
  }
});
