import { withOptionTables } from '../../proxy/config/document.js';
import { withReference } from '../../proxy/telemetry/reference.js';
import { withConformanceTables } from '../conformance/document.js';
import { withCloseTable } from './close-table.js';
import { withCheckTable } from './doctor-table.js';
import { withLibraryReference } from './library-reference.js';
import { withPeerChecks } from './peer-check-table.js';
import { withSizes } from './size-document.js';

/**
 * The documents with tables made from the code, by their path from the project's folder, each with the function that puts the
 * tables into its text. `npm run generate` writes them, and a test proves them fresh.
 */
export const generatedDocuments: Readonly<Record<string, (text: string) => string>> = {
  'docs/conformance.md': withConformanceTables,
  'docs/configuration.md': withOptionTables,
  'docs/doctor.md': withCheckTable,
  'docs/operations.md': withSizes,
  'examples/README.md': withPeerChecks,
  'library/control/README.md': withLibraryReference('control'),
  'library/peer/README.md': withLibraryReference('peer'),
  'observability/README.md': withReference,
  'proto/PROTOCOL.md': withCloseTable,
};
