import { readBounded, UnreadableFile } from '../../proxy/policy/lists/watched-file.js';
import { readPolicy } from '../../proxy/policy/policy-file.js';
import { ANY_VERIFIED } from '../../proxy/policy/rules/any-verified.js';
import { MAX_POLICY_BYTES } from '../../proxy/policy/rules/schema.js';
import { fault, type Judgement, notChecked, ok, warning } from '../finding.js';
import type { Host } from '../look/host.js';

/** Is the policy on disk whole, and does it say something? */
export async function checkPolicyFile({ plan: { config } }: Host): Promise<Judgement> {
  if ('fault' in config) return notChecked('the options cannot be read: see configuration');
  const { policy } = config;
  if (policy === undefined) return fault('no policy is named', 'the service does not start', 'name a file: --policy');
  if (policy === ANY_VERIFIED) {
    const why = 'whoever has a certificate of the CA may sit at every meetup';
    return warning('the policy is any-verified', why, 'write a policy file: docs/policy.md');
  }
  return judgePolicyFile(policy, await contentOf(policy));
}

export function judgePolicyFile(path: string, content: Buffer | { readonly fault: string }): Judgement {
  const read = 'fault' in content ? content : readPolicy(path, content);
  if ('fault' in read) {
    const why = 'the version before it stays in force, and a restart fails';
    return fault(read.fault.split('\n').join('; '), why, `mend ${path}, or put the version before it back`);
  }
  const { mode, ruleCount } = read.ok;
  if (mode === 'audit') {
    const todo = 'grep the log for would_deny, write the rules, then mode: enforce';
    return warning(`${path} only audits`, 'who would be denied is let in', todo);
  }
  if (ruleCount === 0) return warning(`${path} has no rule`, 'no peer is let in', 'write rules: docs/policy.md');
  return ok(`${path} has ${ruleCount} rules and no fault`);
}

async function contentOf(path: string): Promise<Buffer | { readonly fault: string }> {
  try {
    return await readBounded(path, MAX_POLICY_BYTES);
  } catch (error) {
    if (error instanceof UnreadableFile) return { fault: error.message };
    throw error;
  }
}
