import type { FileState } from '../../page/answer.js';
import type { Guard } from '../door/guard.js';

/** Returns the versions in force of the files that admission depends on. */
export function fileStates({ policyFile, crl, denyList }: Pick<Guard, 'policyFile' | 'crl' | 'denyList'>): FileState[] {
  const states: FileState[] = [{ name: 'policy', text: policyText(policyFile), fault: policyFile?.fault ?? null }];
  if (crl !== undefined) {
    const revoked = crl.status.reduce((sum, { entries }) => sum + entries, 0);
    states.push({ name: 'revocation list', text: `${revoked} revoked`, fault: crl.fault ?? null });
  }
  if (denyList !== undefined) {
    states.push({ name: 'deny list', text: counted(denyList.size, 'entry', 'entries'), fault: denyList.fault ?? null });
  }
  return states;
}

function policyText(policy: Guard['policyFile']): string {
  if (policy === undefined) return 'any verified certificate';
  const rules = counted(policy.ruleCount, 'rule', 'rules');
  return policy.mode === 'enforce' ? rules : `${rules}, ${policy.mode} only`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
