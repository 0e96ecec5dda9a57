import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { withReference } from '../../../proxy/telemetry/reference.js';

describe('telemetry: reference', () => {
  it('is what observability/README.md says: every metric, attribute and outcome, and no other', () => {
    const readme = readFileSync('observability/README.md', 'utf8');
    expect(readme, 'run: node observability/tables.mjs').to.equal(withReference(readme));
  });

  it('names the marks that are missing', () => {
    expect(() => withReference('')).to.throw('"begin metrics"');
  });
});
