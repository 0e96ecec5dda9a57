import { textOf } from './sources.js';

/**
 * The policy that docs/policy.md shows: a gateway sits at `sub/{subscriber}/{its own CN}` and nowhere else.
 *
 * @param rights what besides the certificates of an organization may do, by its name
 */
export function documentedPolicy(rights: Readonly<Record<string, string>> = {}): string {
  const [, policy] = /```yaml\n(.*?)```/s.exec(textOf('docs/policy.md')) ?? [];
  if (policy === undefined) throw new Error('docs/policy.md shows no policy');
  const rules = Object.entries(rights).map(
    ([o, right]) => `  - { name: ${o}, match: { subject: { O: ${o} } }, rights: ${right} }\n`,
  );
  return policy + rules.join('');
}
