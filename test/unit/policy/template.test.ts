import { expect } from 'chai';
import fc from 'fast-check';
import { compilePattern, MAX_PATTERN_CHARS, matchPattern } from '../../../proxy/policy/rules/pattern.js';
import { compileTemplate, matchTemplate } from '../../../proxy/policy/rules/template.js';
import { faultOf } from '../../../proxy/wire/path.js';

function matched(template: string, meetupId: string): Record<string, string> | undefined {
  const compiled = compileTemplate(template);
  if ('fault' in compiled) throw new Error(compiled.fault);
  const captures = matchTemplate(compiled.ok, meetupId);
  return captures === undefined ? undefined : Object.fromEntries(captures);
}

const fitting: readonly (readonly [string, string, Record<string, string>])[] = [
  ['sub/1/gw', 'sub/1/gw', {}],
  ['sub/*/gw', 'sub/1/gw', {}],
  ['sub/{s}/{g}', 'sub/1/gw', { s: '1', g: 'gw' }],
  ['gw-{id}.x/a', 'gw-7.x/a', { id: '7' }],
  ['{a}/{a}', 'x/x', { a: 'x' }],
  ['sub/**', 'sub/1', {}],
  ['sub/**', 'sub/1/2/3?q=/a/b', {}],
  ['**', 'anything', {}],
  ['{s}/**', 'a/b/c', { s: 'a' }],
  ['sub/{s}?a=1', 'sub/x?a=1', { s: 'x' }],
  ['sub/{s}?', 'sub/x?', { s: 'x' }],
  ['sub/{s}?*', 'sub/x', { s: 'x' }],
  ['sub/{s}?*', 'sub/x?y/z?', { s: 'x' }],
];

const missing: readonly (readonly [string, string])[] = [
  ['sub/1/gw', 'sub/1/GW'],
  ['sub/*', 'sub'],
  ['sub/*', 'sub/1/2'],
  ['sub/*', 'sub/1?a'],
  ['sub/{s}', 'sub/1?a'],
  ['sub/{s}', 'sub/1?'],
  ['sub/{s}?a=1', 'sub/1'],
  ['sub/{s}?a=1', 'sub/1?a=2'],
  ['sub/**', 'sub'],
  ['sub/**', 'subs/1'],
  ['{a}/{a}', 'x/y'],
  ['gw-{id}', 'gw-'],
  ['gw-{id}-x', 'gw-x'],
  ['a{id}a', 'a'],
];

const bad: readonly (readonly [string, string])[] = [
  ['', 'is empty'],
  ['a/**/b', 'has "**" before its end'],
  ['a/b*', 'has a "*" inside a segment'],
  ['a/{', 'has braces that hold no name'],
  ['a/{}', 'has braces that hold no name'],
  ['a/{1}', 'has braces that hold no name'],
  ['a/{b}{c}', 'two names in one segment'],
  ['a/{b c}', 'has braces that hold no name'],
  ['a//b', 'can fit no meetup id: it has an empty segment'],
  ['/a', 'can fit no meetup id: it has an empty segment'],
  ['a/../b', 'can fit no meetup id: it has a dot segment'],
  ['a/%2e', 'can fit no meetup id: a segment has a character'],
  ['a b', 'can fit no meetup id: a segment has a character'],
  ['a?b c', 'can fit no meetup id: its query string'],
  ['a/**?b', 'has a query string after "**"'],
  ['x'.repeat(MAX_PATTERN_CHARS + 1), 'is longer than 512 characters'],
];

describe('meetup template', () => {
  for (const [template, id, captures] of fitting) {
    it(`${template} fits ${id}`, () => expect(matched(template, id)).to.deep.equal(captures));
  }
  for (const [template, id] of missing) {
    it(`${template} does not fit ${id}`, () => expect(matched(template, id)).to.equal(undefined));
  }
  for (const [template, fault] of bad) {
    it(`refuses ${JSON.stringify(template.slice(0, 12))}: ${fault}`, () => {
      const compiled = compileTemplate(template);
      expect('fault' in compiled && compiled.fault).to.contain(fault);
    });
  }

  const segment = fc.stringMatching(/^[A-Za-z0-9_~:@!$&'()+,;=-]{1,8}$/);

  it('property: what fits, put back into the template, is the meetup id', () => {
    const steps = fc.array(fc.tuple(segment, fc.boolean()), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(steps, (parts) => {
        const template = parts.map(([text, isNamed], i) => (isNamed ? `{n${i}}` : text)).join('/');
        const id = parts.map(([text]) => text).join('/');
        const expected = Object.fromEntries(parts.flatMap(([text, isNamed], i) => (isNamed ? [[`n${i}`, text]] : [])));
        expect(matched(template, id)).to.deep.equal(expected);
        expect(matched(template, `${id}/x`)).to.equal(undefined);
        expect(matched(template, `${id}?x`)).to.equal(undefined);
      }),
    );
  });

  it('property: a name never stands for more than one segment, nor for a query string', () => {
    const id = fc.stringMatching(/^[a-c/?]{1,12}$/).filter((text) => faultOf(text) === undefined);
    fc.assert(
      fc.property(id, fc.constantFrom('{a}', '{a}/{b}', 'a/{b}', '{a}/**', 'b{a}?*'), (text, template) => {
        for (const value of Object.values(matched(template, text) ?? {})) expect(value).to.match(/^[^/?]+$/);
      }),
    );
  });

  it('takes time in proportion to the length, whatever the text', () => {
    const compiled = compilePattern('a{b}a/**', '/');
    if ('fault' in compiled) throw new Error(compiled.fault);
    const began = performance.now();
    matchPattern(compiled.ok, 'a'.repeat(1_000_000));
    expect(performance.now() - began).to.be.below(1000);
  });
});
