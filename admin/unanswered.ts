import { safe } from '../proxy/wire/safe-text.js';
import { EXIT } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** Says on standard error which replicas did not answer and what is therefore not so; the command ends with the exit code for that. */
export function tellUnanswered(replicas: readonly string[], consequence: string, io: Terminal): void {
  if (replicas.length === 0) return;
  io.note(`${safe(replicas.join(', '))} did not answer: ${consequence}\n`);
  process.exitCode = EXIT.partial;
}
