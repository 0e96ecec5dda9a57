import { expect } from 'chai';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { documents } from '../../support/documents.js';
import { textOf } from '../../support/sources.js';

describe('policies in the documents', () => {
  const policies = documents().flatMap((path) => {
    const blocks = textOf(path).matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm);
    return [...blocks].flatMap(([, indent = '', text = '']) => {
      const own = text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
      return own.startsWith('version:') ? [[path, own] as const] : [];
    });
  });

  it('are policies', () => {
    expect(policies.map(([path]) => path)).to.include.members(['docs/policy.md', 'docs/migration.md']);
    for (const [path, text] of policies) expect(compilePolicy(text), path).to.have.property('ok');
  });
});
