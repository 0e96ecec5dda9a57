import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { fill, TemplateError } from '../../../envoy/template.js';

const none = { values: {}, blocks: {} };
/** A placeholder, as templates write it. */
const slot = (name: string): string => `\${${name}}`;

describe('envoy template', () => {
  it('brings any printable text through YAML unchanged', () => {
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => !/[\p{Cc}\p{Cs}\u2028\u2029\ufeff\uffff\ufffe]/u.test(value));
    fc.assert(
      fc.property(text, (value) => {
        const filled = fill(`a: { b: "${slot('V')}", c: "x/${slot('V')}/y" }`, { values: { V: value }, blocks: {} });
        expect(parse(filled)).to.deep.equal({ a: { b: value, c: `x/${value}/y` } });
      }),
    );
  });

  it('writes numbers and booleans without the quotes', () => {
    const filled = fill(`{ port: "${slot('PORT')}", dual: "${slot('DUAL')}" }`, {
      values: { PORT: 5050, DUAL: false },
      blocks: {},
    });
    expect(parse(filled)).to.deep.equal({ port: 5050, dual: false });
  });

  it('refuses a line break, which would leave the scalar', () => {
    expect(() => fill(`a: "${slot('V')}"`, { values: { V: 'x\ny: 1' }, blocks: {} })).to.throw(TemplateError, 'V');
  });

  it('keeps or drops a block, its marks never', () => {
    const template = 'a: 1\n# when extra\nb: 2\n# end extra\nc: 3';
    expect(fill(template, { values: {}, blocks: { extra: true } })).to.equal('a: 1\nb: 2\nc: 3');
    expect(fill(template, { values: {}, blocks: { extra: false } })).to.equal('a: 1\nc: 3');
  });

  it('keeps a block inside another only where both stay', () => {
    const template = 'a: 1\n# when outer\nb: 2\n# when inner\nc: 3\n# end inner\nd: 4\n# end outer\ne: 5';
    const kept = (outer: boolean, inner: boolean): unknown =>
      Object.keys(parse(fill(template, { values: {}, blocks: { outer, inner } }))).join('');
    expect([kept(true, true), kept(true, false), kept(false, true)]).to.deep.equal(['abcde', 'abde', 'ae']);
  });

  for (const [fault, template, message] of [
    ['an unknown placeholder', `a\nb ${slot('NO')}`, 'line 2: unknown placeholder NO'],
    ['an unknown block', '# when no\n# end no', 'line 1: unknown block no'],
    ['a block without an end', '# when yes', 'block yes has no end'],
    ['an end without a block', '# end yes', 'line 1: end of yes, which is not the last one begun'],
    [
      'blocks that overlap',
      '# when yes\n# when also\n# end yes',
      'line 3: end of yes, which is not the last one begun',
    ],
  ] as const) {
    it(`refuses ${fault}`, () => {
      expect(() => fill(template, { ...none, blocks: { yes: true, also: true } })).to.throw(TemplateError, message);
    });
  }
});
