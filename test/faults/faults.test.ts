import { ROOT } from '../support/sources.js';
import { serviceTables, writeFaults } from './documents.js';
import { ground } from './scene.js';
import { describeFaults } from './suite.js';
import { faults } from './table/table.js';

describeFaults('faults', faults, ground, (outcomes) => writeFaults(serviceTables, outcomes, faults, ROOT));
