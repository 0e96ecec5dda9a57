import { source } from './sources.js';

/** The policy that docs/policy.md shows: a gateway sits at `sub/{subscriber}/{its own CN}` and nowhere else. */
export function documentedPolicy(): string {
  const [, policy] = /```yaml\n(.*?)```/s.exec(source('docs/policy.md').text) ?? [];
  if (policy === undefined) throw new Error('docs/policy.md shows no policy');
  return policy;
}
