import type { PolicyFile } from '../policy/policy-file.js';
import type { PolicyControl } from './rpc/ports.js';

export interface PolicySource {
  /** File, or `any-verified`. */
  readonly source: string;
  /** Absent for `any-verified`. */
  readonly file: Pick<PolicyFile, 'digest' | 'ruleCount' | 'loadedAt' | 'fault' | 'reload'> | undefined;
  /** Time at which the service started, milliseconds since the epoch; `any-verified` is in force since then. */
  readonly startedAt: number;
  /** Connections that changes of the files have ended so far. */
  readonly ended: () => number;
}

/** Gives the control API the facts of the policy in force, and its reload. */
export function policyControl({ source, file, startedAt, ended }: PolicySource): PolicyControl {
  if (file === undefined) {
    return {
      info: () => ({ source, digest: '', rules: 1, loadedAt: startedAt, lastError: '' }),
      reload: async () => ({ ok: { changed: false, endedConnections: 0 } }),
    };
  }
  return {
    info: () => {
      const { digest, ruleCount: rules, loadedAt, fault: lastError = '' } = file;
      return { source, digest, rules, loadedAt, lastError };
    },
    reload: async () => {
      const before = ended();
      const outcome = await file.reload();
      if ('refused' in outcome) return outcome;
      return { ok: { changed: outcome.changed, endedConnections: ended() - before } };
    },
  };
}
