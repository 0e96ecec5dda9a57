import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of the page: its compiled scripts, and its other files as they are written. */
const SCRIPTS = fileURLToPath(new URL('../../page/', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../../page/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
};
/** The HTML document, at the root. */
const DOCUMENT = 'index.html';

export interface Asset {
  /** Path in the URL. */
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

/** Reads every file of the page into memory; only this list is served. Throws where the build is incomplete. */
export function readAssets(): readonly Asset[] {
  return [...assetsIn(SCRIPTS, ['.js']), ...assetsIn(SOURCES, ['.css', '.svg', '.html'])];
}

function assetsIn(folder: string, kinds: readonly string[]): Asset[] {
  const names = namesIn(folder).filter((name) => kinds.includes(extname(name)));
  return names.map((name) => ({
    path: name === DOCUMENT ? '/' : `/page/${name}`,
    type: TYPES[extname(name)] ?? '',
    body: readFileSync(`${folder}/${name}`),
  }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw new Error(`--page true: the page’s files are not in ${folder}: build the project, or start without the page`);
  }
}
