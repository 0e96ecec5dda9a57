import { expect } from 'chai';
import { withOptionTables } from '../../../proxy/config/document.js';
import { loadConfig } from '../../../proxy/config/load.js';
import { flagOf, options, variableOf } from '../../../proxy/config/options.js';
import { parseValue } from '../../../proxy/config/value.js';
import { textOf } from '../../support/sources.js';

const marks = '<!-- options: made by npm run generate -->\n<!-- end of options -->';
const rows = withOptionTables(`before\n${marks}\nafter`)
  .split('\n')
  .filter((line) => line.startsWith('| `--'))
  .map((line) => line.split(' | '));

describe('docs/configuration.md', () => {
  it('shows a file that is accepted', () => {
    const [, text = ''] = /```yaml\n(.*?)```/s.exec(textOf('docs/configuration.md')) ?? [];
    const config = loadConfig({ flags: {}, environment: {}, file: { name: 'docs/configuration.md', text } });
    expect(config.maxConnections).to.equal(20_000);
    expect(config.traceRoutes).to.deep.equal(['/micronets/v1/gateway/{gateway}']);
  });
});

describe('table of options', () => {
  it('has each option once, with its variable, and no cell too many', () => {
    expect(rows.map(([flag, variable]) => `${flag} ${variable}`)).to.deep.equal(
      Object.keys(options).map((key) => `| \`--${flagOf(key)}\` \`${variableOf(key)}\``),
    );
    for (const row of rows) expect(row, row[0]).to.have.length(6);
  });

  it('writes bounds as a user would, and so that they are accepted', () => {
    expect(rows.find(([flag]) => flag === '| `--ping-interval`')?.[4]).to.equal('20ms to 1h');
    expect(rows.find(([flag]) => flag === '| `--low-mark`')?.[4]).to.equal('0 to 256MiB');
    expect(rows.find(([flag]) => flag === '| `--connect-rate`')?.[4]).to.equal('1 to 1000000');
    for (const [at, row] of Object.values(options).entries()) {
      const bounds = rows[at]?.[4] ?? '';
      if (!('min' in row)) expect(bounds).to.equal('');
      else
        expect(bounds.split(' to ').map((text) => parseValue(row, text))).to.deep.equal([
          { ok: row.min },
          { ok: row.max },
        ]);
    }
  });

  it('leaves what stands around it alone', () => {
    const whole = withOptionTables(`before\n${marks}\nafter`);
    expect(whole.startsWith('before\n<!-- options')).to.equal(true);
    expect(whole.endsWith('<!-- end of options -->\nafter')).to.equal(true);
    expect(withOptionTables(whole)).to.equal(whole);
  });
});
