import { expect } from 'chai';
import fc from 'fast-check';
import { joinTarget, readRawQuery, splitTarget } from '../../../peer/target.js';

const pair = fc.record({ name: fc.string({ unit: 'grapheme' }), value: fc.string({ unit: 'grapheme' }) });

/** Decodes as a lenient server does: each escape alone, even where the result is not UTF-8. */
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

  it('[MSG-6] rebuild every query to the byte', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'wsdl',
        'acl',
        '%20',
        '+',
        '~',
        ';',
        '=',
        '==',
        '&',
        '&&',
        '%2F',
        '%',
        '%E9',
        '%zz',
        '?',
        "'",
        '\\',
      ),
      fc.stringMatching(/^[!"$-~]{0,5}$/),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const target = `/p?${parts.join('')}`;
        const split = splitTarget(target);
        if ('fault' in split) throw new Error(split.fault);
        expect(joinTarget('', split)).to.equal(target);
      }),
      { numRuns: 1000 },
    );
  });

  it('say the query once where its pairs say it', () => {
    expect(splitTarget('/a?x=1&y=%C3%A4+b')).not.to.have.property('rawQuery');
    expect(splitTarget('/a')).to.deep.equal({ path: '/a', query: [] });
    for (const raw of ['', 'wsdl', 'a=1&&b=2', 'a=%e4', 'a=%20']) {
      expect(splitTarget(`/a?${raw}`)).to.deep.include({ path: '/a', rawQuery: raw });
    }
  });

  it('read "+" as a space, a lone name as an empty value, and leave alone what is no UTF-8', () => {
    expect(splitTarget('/a?x+y&&z=1=2&%E9=%')).to.deep.equal({
      path: '/a',
      query: [
        { name: 'x y', value: '' },
        { name: 'z', value: '1=2' },
        { name: '%E9', value: '%' },
      ],
      rawQuery: 'x+y&&z=1=2&%E9=%',
    });
  });

  it('take a URL in place of a path, and the asterisk', () => {
    expect(splitTarget('HTTP://host:80/a?b=1')).to.deep.equal({
      authority: 'host:80',
      path: '/a',
      query: [{ name: 'b', value: '1' }],
    });
    expect(splitTarget('http://host')).to.deep.equal({ authority: 'host', path: '/', query: [] });
    expect(splitTarget('http://host?a=b')).to.deep.include({ authority: 'host', path: '/' });
    expect(splitTarget('*')).to.deep.equal({ path: '*', query: [] });
    expect(joinTarget('', { path: '*', query: [] })).to.equal('*');
    expect(joinTarget('/api', { path: '*', query: [] })).to.have.property('fault');
  });

  it('refuse what is none', () => {
    for (const odd of ['ftp://host/a', 'host:80', 'a', '']) expect(splitTarget(odd)).to.have.property('fault');
    for (const odd of ['a b', 'a#b', 'a\n', '\xe4', 7, {}]) expect(readRawQuery(odd)).to.have.property('fault');
    expect([readRawQuery(undefined), readRawQuery(null)]).to.deep.equal([{}, {}]);
  });
});
