import { withOptionTables } from '../../proxy/config/document.js';
import { withReference } from '../../proxy/telemetry/reference.js';
import { withCloseTable } from './close-table.js';

/**
 * The documents that hold tables made from the code, by their path from the project's folder, each with what puts the tables of
 * the code into its text. `npm run generate` writes them and a test proves them fresh.
 */
export const generatedDocuments: Readonly<Record<string, (text: string) => string>> = {
  'docs/configuration.md': withOptionTables,
  'observability/README.md': withReference,
  'proto/PROTOCOL.md': withCloseTable,
};
