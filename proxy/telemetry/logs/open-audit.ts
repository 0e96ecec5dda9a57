import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../../ports/clock.js';
import { auditLine } from './audit.js';
import { AuditFile } from './audit-file.js';

/** The audit log cannot be written to its place; the message is for people. */
export class AuditLogError extends Error {
  override readonly name = 'AuditLogError';
  readonly exitCode = 2;
}

/** Opens the file of the audit log, `-` for standard output. Later faults of writing go to the log. Throws AuditLogError. */
export function openAudit(path: string, clock: Clock, log: Logger): AuditFile {
  if (!existsSync(dirname(path))) {
    throw new AuditLogError(`--audit-log ${path}: its folder does not exist: make it first`);
  }
  return new AuditFile({
    path: path === '-' ? '/dev/stdout' : path,
    clock,
    failed: ({ message: reason }) =>
      log.error({ path, reason }, 'the audit log cannot be written; lines wait, then are dropped and counted'),
    recovered: (dropped) => log.warn({ path, dropped }, 'the audit log can be written again'),
    gap: (dropped) => auditLine({ act: 'gap', dropped }, clock.now()),
  });
}
