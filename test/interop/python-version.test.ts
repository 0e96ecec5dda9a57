import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { textOf } from '../support/sources.js';

describe('CONTRIBUTING.md', () => {
  it('names the Python that the packages of the tests ask for', () => {
    // The packages of the tests, where they were installed.
    const folder = process.env['PYTHONPATH'] ?? '';
    const packages = readdirSync(folder).filter((name) => name.endsWith('.dist-info'));
    const wanted = packages.map((name) => {
      const text = readFileSync(join(folder, name, 'METADATA'), 'utf8');
      return Number(/^Requires-Python: >=3\.(\d+)$/m.exec(text)?.[1] ?? 0);
    });
    expect(textOf('CONTRIBUTING.md')).to.contain(`Python ≥ 3.${Math.max(...wanted)} with pip`);
  });
});
