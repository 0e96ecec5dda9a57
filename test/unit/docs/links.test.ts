import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { anchorsOf, documents, proseOf } from '../../support/documents.js';
import { filesBelow, ROOT, textOf } from '../../support/sources.js';

/** The fault of a link in a document; undefined when its target exists. */
function fault(path: string, link: string): string | undefined {
  if (/^https:\/\//.test(link)) return undefined;
  if (/^[a-z]+:/.test(link)) return 'neither https nor a file';
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : join(dirname(path), file);
  if (target.startsWith('..') || !existsSync(join(ROOT, target))) return 'no such file';
  if (anchor === undefined) return undefined;
  if (!target.endsWith('.md')) return 'an anchor in what is no document';
  return anchorsOf(target).has(anchor) ? undefined : 'no such heading';
}

describe('links of the documents', () => {
  for (const path of documents()) {
    it(`${path} leads nowhere in vain`, () => {
      const links = [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      const faults = links.flatMap((link) => {
        const why = fault(path, link);
        return why === undefined ? [] : [`${link}: ${why}`];
      });
      expect(faults).to.deep.equal([]);
    });
  }

  it('of the map of the code, in tables and drawings, name files that are there', () => {
    const tree = new Set(
      filesBelow('proxy').concat(
        filesBelow('peer'),
        filesBelow('library'),
        filesBelow('admin'),
        filesBelow('test'),
        filesBelow('page'),
        filesBelow('doctor'),
      ),
    );
    const isThere = (name: string): boolean => [...tree].some((path) => path === name || path.endsWith(`/${name}`));
    for (const map of ['docs/architecture.md', 'CONTRIBUTING.md']) {
      const named = [...textOf(map).matchAll(/[\w./-]+\.ts\b/g)].map(([name]) => name);
      expect(named.length, map).to.be.greaterThan(2);
      expect(
        named.filter((name) => !isThere(name)),
        map,
      ).to.deep.equal([]);
    }
  });

  it('of the alerts lead to a section that says what to do', () => {
    const rules = filesBelow('observability/rules').filter((path) => /rules\/[^/]+\.yml$/.test(path));
    const text = rules.map(textOf).join('\n');
    const alerts = new Set([...text.matchAll(/alert: (\w+)/g)].map(([, name = '']) => name));
    expect(alerts.size).to.be.greaterThan(10);
    for (const [, link = ''] of text.matchAll(/runbook_url: (\S+)/g))
      expect(fault('README.md', link), link).to.equal(undefined);
    const sections = anchorsOf('docs/operations.md');
    for (const name of alerts) expect(sections.has(name.toLowerCase()), name).to.equal(true);
  });

  it('of the README lead a newcomer, an operator and a contributor to their pages', () => {
    const readme = textOf('README.md');
    for (const page of ['#quick-start', 'docs/operations.md', 'docs/migration.md', 'CONTRIBUTING.md']) {
      expect(readme).to.include(`](${page})`);
    }
  });
});
