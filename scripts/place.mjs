import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone that these scripts are part of. */
export const root = fileURLToPath(new URL('..', import.meta.url));
/** The folder of tools that the set-up fetched and that are not npm's: git-ignored, safe to delete. */
export const tools = join(root, '.tools');
