import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the project; the tests run from `dist/test/support`. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A file of the project. */
export interface Source {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below these folders of the project; a folder that is not there has none. */
export function sources(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) => below(join(ROOT, folder))).map(read);
}

/** The text of one file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** All files below a folder of the project, by their paths from its root. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
}

function below(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function read(file: string): Source {
  return { path: relative(ROOT, file).split(sep).join('/'), text: readFileSync(file, 'utf8') };
}
