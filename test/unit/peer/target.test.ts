import { expect } from 'chai';
import fc from 'fast-check';
import { joinTarget, splitTarget } from '../../../peer/target.js';

const pair = fc.record({ name: fc.string({ unit: 'grapheme' }), value: fc.string({ unit: 'grapheme' }) });

/** As a lenient server decodes: each escape for itself, whatever comes of it. */
function decodedOnce(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

describe('splitTarget and joinTarget', () => {
  it('carry any query: pairs in order, names repeated', () => {
    fc.assert(
      fc.property(fc.array(pair), (query) => {
        const target = joinTarget('/base', { path: '/p', query });
        if (typeof target !== 'string') throw new Error(target.fault);
        expect(splitTarget(target)).to.deep.equal({ path: '/base/p', query });
      }),
    );
  });

  it('stay below the base, whatever the path', () => {
    const hostile = fc.array(
      fc.constantFrom(
        '/',
        '.',
        '..',
        '%2e',
        '%2E',
        '%252e',
        '%2f',
        '%5c',
        '\\',
        ';',
        'a',
        'http:',
        '@',
        ' ',
        '\n',
        '?',
        '#',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          hostile.map((parts) => parts.join('')),
          fc.string(),
        ),
        (path) => {
          const target = joinTarget('/base', { path, query: [] });
          if (typeof target !== 'string') return;
          const url = new URL(`http://upstream${target}`);
          expect(url.host).to.equal('upstream');
          expect(url.pathname.startsWith('/base/')).to.equal(true);
          expect(decodedOnce(url.pathname).split(/[/\\]/)).not.to.include('..');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('take a query that a deployed peer left in the path', () => {
    expect(joinTarget('', { path: '/a?b=1', query: [{ name: 'c', value: '2' }] })).to.equal('/a?b=1&c=2');
  });

  it('read "+" as a space and a lone name as an empty value', () => {
    expect(splitTarget('/a?x+y&&z=1=2')).to.deep.equal({
      path: '/a',
      query: [
        { name: 'x y', value: '' },
        { name: 'z', value: '1=2' },
      ],
    });
  });

  it('refuse what they would have to change', () => {
    expect(splitTarget('/a?b=%ff')).to.have.property('fault');
    expect(splitTarget('http://host/a')).to.have.property('fault');
    expect(splitTarget('*')).to.have.property('fault');
  });
});
