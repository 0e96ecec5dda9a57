import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/sources.js';
import { faultDocuments, withFaults } from './documents.js';
import { ground } from './scene.js';
import { describeFaults } from './suite.js';
import { faults } from './table/table.js';

describeFaults('faults', faults, ground, (outcomes) => {
  for (const path of Object.keys(faultDocuments)) {
    const file = join(ROOT, path);
    writeFileSync(file, withFaults(path, readFileSync(file, 'utf8'), outcomes, faults));
  }
});
