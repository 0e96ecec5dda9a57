import { expect } from 'chai';
import { withOptionTables } from '../../../proxy/config/document.js';
import { options } from '../../../proxy/config/options.js';
import { textOf } from '../../support/yaml-files.js';

describe('docs/configuration.md', () => {
  it('has the options of the code (npm run generate)', () => {
    const page = textOf('docs/configuration.md');
    expect(page).to.equal(withOptionTables(page));
    expect(page.match(/^\| `--/gm)).to.have.length(Object.keys(options).length);
  });

  it('needs its markers', () => {
    expect(() => withOptionTables('no markers')).to.throw('the page has no');
  });
});
