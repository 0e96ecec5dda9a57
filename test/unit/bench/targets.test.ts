import { expect } from 'chai';
import { scenarios, targets } from '../../bench/scenarios/all.js';
import { textOf } from '../../support/sources.js';

const text = textOf('test/bench/README.md');

describe('the scenarios of the bench', () => {
  it('have names of their own, and those with targets are among them', () => {
    const names = scenarios.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(scenarios).to.include.members([...targets]);
    expect(names).to.not.include('targets');
  });

  it('with targets stand in the table of targets, in the order in which they run', () => {
    const [, section = ''] = text.split('\n## Targets\n');
    const [table = ''] = section.split('\n## ');
    const named = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name);
    expect(named).to.deep.equal(targets.map(({ name }) => name));
  });

  it('that are not run unasked are named', () => {
    const [, named = ''] = /# everything but ([a-z, ]+?): /.exec(text) ?? [];
    const unusual = scenarios.filter(({ usual }) => !usual).map(({ name }) => name);
    expect(named.split(/, | and /).sort()).to.deep.equal(unusual.sort());
  });
});
