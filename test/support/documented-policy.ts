import { textOf } from './sources.js';

/** The policy that docs/policy.md shows: a gateway sits at `sub/{subscriber}/{its own CN}` and nowhere else. */
export function documentedPolicy(): string {
  const [, policy] = /```yaml\n(.*?)```/s.exec(textOf('docs/policy.md')) ?? [];
  if (policy === undefined) throw new Error('docs/policy.md shows no policy');
  return policy;
}
