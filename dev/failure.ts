import { readFile } from 'node:fs/promises';
import { safe } from '../proxy/wire/safe-text.js';

/** Lines of a dead part's log that are shown. */
const LAST_LINES = 5;

/** Tells at the terminal why the run ends, and gives its exit code. */
export function fail(message: string, details: readonly string[] = []): number {
  console.error(`error: ${safe(message)}`);
  for (const line of details) console.error(`  ${safe(line)}`);
  return 1;
}

/** The end of a log; none of a log that is not there. */
export async function lastLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-LAST_LINES);
}
