import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

/** The clone that the tests run in. */
export const clone = fileURLToPath(new URL('../../../', import.meta.url));

export function textOf(path: string): string {
  return readFileSync(join(clone, path), 'utf8');
}

export function isThere(path: string): boolean {
  return existsSync(join(clone, path));
}

/** Every document of a YAML file; throws on the first fault, with its line. */
export function documentsOf<T>(path: string): T[] {
  return parseAllDocuments(textOf(path), { merge: true }).map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw new Error(`${path}: ${fault.message}`);
    return document.toJS() as T;
  });
}

export function documentOf<T>(path: string): T {
  const [first] = documentsOf<T>(path);
  if (first === undefined) throw new Error(`${path} is empty`);
  return first;
}

/** Files below a folder of the clone, by path from its root. */
export function filesBelow(folder: string): string[] {
  const names = readdirSync(join(clone, folder), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(clone.length))
    .sort();
}
