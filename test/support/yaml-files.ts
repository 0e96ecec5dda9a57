import { parseAllDocuments } from 'yaml';
import { textOf } from './sources.js';

/** Every document of a YAML file of the project; throws on the first fault, with its line. */
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
